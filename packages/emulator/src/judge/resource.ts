import type { App, Tenant } from '../directory/app.ts'
import type { Directory } from '../directory/directory.ts'
import { Refusal } from '../refusal/refusal.ts'

export interface RequestedResource {
  readonly resource: App
  /** The spelling of the request, which becomes the `aud` of a v1 token. */
  readonly requested: string
}

const suffix = '/.default'
const oidcScopes = new Set(['openid', 'profile', 'email', 'offline_access'])

/** The API a token is asked for, by v2 `scope` or v1 `resource`. */
export function findResource(
  target: { scope: string } | { resource: string },
  tenant: Tenant,
  directory: Directory,
): RequestedResource {
  const requested = 'scope' in target ? resourceOfScope(target.scope) : target.resource
  const resource = directory.findResource(tenant.id, requested)
  if (resource?.servicePrincipalId === undefined)
    throw new Refusal(500011, { resource: requested, tenant: tenant.id })
  if (resource.disabled) throw new Refusal(500014, { resource: requested })
  return { resource, requested }
}

/**
 * Everything before the last `/.default`, literally: `https://management.core.windows.net//.default` names a resource
 * that ends with a slash. OIDC scopes beside it are tolerated. Entra: observed with MSAL.js.
 */
function resourceOfScope(scope: string): string {
  const scopes = scope.split(' ').filter((part) => part !== '' && !oidcScopes.has(part))
  const invalid = scopes.find((part) => !part.endsWith(suffix))
  if (scopes.length === 0 || invalid !== undefined) throw new Refusal(1002012, { scope: invalid ?? scope })
  const [resource, ...others] = new Set(scopes.map((part) => part.slice(0, -suffix.length)))
  if (others.length > 0) throw new Refusal(700022, { scope })
  if (!resource) throw new Refusal(70011, { scope })
  return resource
}
