import type { Application, CredentialHolder, ServicePrincipal, Tenant } from './application.ts'
import { withoutObject } from './assigned-policy.ts'
import { DefinitionError, member } from './definition.ts'

/** What is known of one tenant. */
export interface TenantRecords {
  tenant: Tenant
  /** By app id, as the principals; in the order they came. */
  readonly applications: Map<string, Application>
  readonly principals: Map<string, ServicePrincipal>
  /** App ids by normalized name. */
  readonly identifiers: Map<string, string>
}

/** Bytes, about. What Microsoft's own principals weigh that nobody touched is not counted. */
export interface Weights {
  readonly of: Map<CredentialHolder, number>
  /** The sum of these. */
  all: number
}

/** Everything that a directory holds. */
export interface Records {
  readonly tenants: Map<string, TenantRecords>
  /** Tenant ids by id and by domain. */
  readonly names: Map<string, string>
  weights: Weights
}

export const createRecords = (): Records => ({
  tenants: new Map(),
  names: new Map(),
  weights: { of: new Map(), all: 0 },
})

export function recordsOf({ tenants }: Records, tenant: Tenant): TenantRecords {
  const found = tenants.get(tenant.id)
  if (found === undefined) throw new TypeError(`tenant ${tenant.id} is not in the directory`)
  return found
}

/**
 * Names by which a client may ask for an application: its app id and identifier URIs, in any case, with or without a
 * slash at the end. They are its own in the tenant, even where it has no principal there yet.
 */
export function enroll({ identifiers }: TenantRecords, { appId, identifierUris }: Application): void {
  for (const name of [appId, ...identifierUris]) identifiers.set(normalized(name), appId)
}

/** What was assigned to an object that is gone. */
export function unassign(home: TenantRecords, objectId: string): void {
  const { tenant } = home
  home.tenant = { ...tenant, assignedPolicies: withoutObject(tenant.assignedPolicies, objectId) }
}

/** Frees the names of an application. */
export function strike({ identifiers }: TenantRecords, appId: string): void {
  for (const [name, owner] of identifiers) if (owner === appId) identifiers.delete(name)
}

/** @throws DefinitionError where a URI is a name of another application in the tenant. */
export function refuseTaken(
  { identifiers }: TenantRecords,
  appId: string,
  uris: readonly string[],
  path: string,
): void {
  uris.forEach((uri, index) => {
    if ((identifiers.get(normalized(uri)) ?? appId) !== appId)
      throw new DefinitionError(member(path, `identifierUris[${index}]`), `${uri} belongs to another app`)
  })
}

export const normalized = (identifier: string): string => identifier.toLowerCase().replace(/\/$/, '')
