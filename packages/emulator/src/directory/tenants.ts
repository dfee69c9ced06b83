import { derivedGuid } from '../guid.ts'
import type { AppManagementPolicy } from './app-management-policy.ts'
import type { Tenant } from './application.ts'
import type { AssignedPolicy } from './assigned-policy.ts'
import { DefinitionError } from './definition.ts'
import { firstPartyApplications } from './first-party.ts'
import { ordinary } from './principals.ts'
import { enroll, type Records, recordsOf, type TenantRecords } from './records.ts'

export interface NewTenant {
  readonly id: string
  readonly domains: readonly string[]
  readonly region: string
  /** Default: the first domain, or the id. */
  readonly displayName: string | undefined
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly policy: AppManagementPolicy
  readonly assignedPolicies: readonly AssignedPolicy[]
}

/** Changes to tenants. `path` says where one was asked for. */
export interface TenantChanges {
  /** @throws DefinitionError where the id or a domain names another tenant. */
  addTenant(tenant: NewTenant, path: string): Tenant
  setPolicy(tenant: Tenant, policy: AppManagementPolicy): void
  setAssignedPolicies(tenant: Tenant, policies: readonly AssignedPolicy[]): void
}

export function createTenantChanges(records: Records): TenantChanges {
  return {
    addTenant({ displayName, ...given }, path) {
      const names = [given.id, ...given.domains]
      const taken = names.find((name) => records.names.has(name))
      if (taken !== undefined) throw new DefinitionError(path, `${taken} names another tenant already`)
      const tenant = { ...given, displayName: displayName ?? given.domains[0] ?? given.id }
      const added: TenantRecords = {
        tenant,
        applications: new Map(),
        principals: new Map(),
        identifiers: new Map(),
      }
      records.tenants.set(tenant.id, added)
      for (const name of names) records.names.set(name, tenant.id)
      for (const application of firstPartyApplications) {
        // The same at every start, so that nothing of them need be kept.
        const id = derivedGuid(tenant.id, application.appId)
        added.principals.set(application.appId, { ...ordinary(tenant.createdAt), id, application })
        enroll(added, application)
      }
      return tenant
    },
    setPolicy(tenant, policy) {
      const found = recordsOf(records, tenant)
      found.tenant = { ...found.tenant, policy }
    },
    setAssignedPolicies(tenant, assignedPolicies) {
      const found = recordsOf(records, tenant)
      found.tenant = { ...found.tenant, assignedPolicies }
    },
  }
}
