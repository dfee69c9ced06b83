import type { Tenant } from '../directory/app.ts'

/** Hosts of the public cloud: accepted as audience when clients are pointed here by a host mapping. */
export const publicHosts = [
  'login.microsoftonline.com',
  'login.windows.net',
  'login.microsoft.com',
  'sts.windows.net',
] as const

const paths = ['/oauth2/v2.0/token', '/oauth2/token', '/v2.0', '']

/**
 * The token endpoints and issuers of a tenant, under each name of the host and of the tenant. Scheme and host compare
 * without case; a query and one trailing slash are ignored. Entra: the forms its own and older libraries send.
 */
export function isAudienceOf(audience: string, tenant: Tenant, origins: readonly string[]): boolean {
  const url = URL.canParse(audience) ? new URL(audience) : undefined
  if (url === undefined) return false
  const accepted = [...origins, ...publicHosts.map((host) => `https://${host}`)]
  if (!accepted.includes(url.origin)) return false
  const path = url.pathname.toLowerCase().replace(/\/$/, '')
  return [tenant.id, ...tenant.domains].some((name) => paths.some((end) => path === `/${name}${end}`))
}
