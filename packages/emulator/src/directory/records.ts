import type { Application, ServicePrincipal, Tenant } from './application.ts'

/** What is known of one tenant. */
export interface TenantRecords {
  tenant: Tenant
  /** By app id, as the principals; in the order they came. */
  readonly applications: Map<string, Application>
  readonly principals: Map<string, ServicePrincipal>
  /** App ids of principals by normalized identifier: what a client may ask for. */
  readonly identifiers: Map<string, string>
}

/** Everything that a directory holds. */
export interface Records {
  readonly tenants: Map<string, TenantRecords>
  /** Tenant ids by id and by domain. */
  readonly names: Map<string, string>
}

export const createRecords = (): Records => ({ tenants: new Map(), names: new Map() })

export function recordsOf({ tenants }: Records, tenant: Tenant): TenantRecords {
  const found = tenants.get(tenant.id)
  if (found === undefined) throw new TypeError(`tenant ${tenant.id} is not in the directory`)
  return found
}

/** A principal is found by its app id and by each identifier URI, in any case, with or without a slash at the end. */
export function enroll({ principals, identifiers }: TenantRecords, principal: ServicePrincipal): void {
  const { appId, identifierUris } = principal.application
  principals.set(appId, principal)
  for (const name of [appId, ...identifierUris]) identifiers.set(normalized(name), appId)
}

export function strike({ principals, identifiers }: TenantRecords, appId: string): void {
  principals.delete(appId)
  for (const [name, owner] of identifiers) if (owner === appId) identifiers.delete(name)
}

export const normalized = (identifier: string): string => identifier.toLowerCase().replace(/\/$/, '')
