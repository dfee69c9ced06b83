import type { Tenant } from '../../directory/application.ts'
import { loopbackHosts, publicLoginHosts } from '../../hosts.ts'
import { refusal } from '../../refusal/refusal.ts'
import type { Hearing } from '../hearing.ts'

const hosts: ReadonlySet<string> = new Set([...loopbackHosts, ...publicLoginHosts])

/** Both endpoints, the v2 issuer and the bare authority; a query and a trailing slash do not count. */
const paths: ReadonlySet<string> = new Set(['/oauth2/v2.0/token', '/oauth2/token', '/v2.0', ''])

/** Entra: this host is for calls over mutual TLS only. */
const mutualTlsHost = /(^|\.)mtlsauth\.microsoft\.com$/

/**
 * `aud` means this tenant: a token endpoint or issuer of it, at the emulator's own names or at the public ones that
 * may be mapped to it. Of a list, one entry is enough.
 */
export function judgeAudience(
  hearing: Hearing,
  tenant: Tenant,
  { aud }: Readonly<Record<string, unknown>>,
): void {
  const audiences = (Array.isArray(aud) ? aud : [aud]).filter((one) => typeof one === 'string')
  const found = audiences.join(' ')
  const urls = audiences.flatMap(parsed)
  const mutualTls = urls.some(({ hostname }) => mutualTlsHost.test(hostname))
  hearing.require('aud is not for mutual TLS', !mutualTls, refusal(50171), { found })
  hearing.require(
    'aud is this tenant’s token endpoint or issuer',
    urls.some(meansTenant(tenant)),
    refusal(700023),
    {
      expected: `https://{host}/${tenant.id}/oauth2/v2.0/token`,
      found,
    },
  )
}

function meansTenant(tenant: Tenant): (url: URL) => boolean {
  const names = [tenant.id, ...tenant.domains]
  return ({ protocol, hostname, pathname }) => {
    const [, name = '', path = ''] = /^\/([^/]+)(.*?)\/?$/.exec(pathname.toLowerCase()) ?? []
    const secure = protocol === 'https:' || (protocol === 'http:' && loopbackHosts.includes(hostname))
    return secure && hosts.has(hostname) && names.includes(name) && paths.has(path)
  }
}

function parsed(text: string): URL[] {
  try {
    return [new URL(text)]
  } catch {
    return []
  }
}
