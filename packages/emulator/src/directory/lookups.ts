import type { Application, ServicePrincipal, Tenant } from './application.ts'
import { normalized, type Records, recordsOf } from './records.ts'

/** What can be asked of a directory. */
export interface Lookups {
  tenants(): readonly Tenant[]
  /** By id or verified domain, in any case. */
  findTenant(name: string): Tenant | undefined
  /** One for each tenant that has the app id; mostly there is one. */
  registrations(appId: string): readonly Application[]
  findPrincipal(tenant: Tenant, appId: string): ServicePrincipal | undefined
  /** By app id or identifier URI, in any case, with or without a slash at the end. */
  findResource(tenant: Tenant, identifier: string): ServicePrincipal | undefined
  /** Registered in the tenant, oldest first; Microsoft's own are left out. */
  applicationsOf(tenant: Tenant): readonly Application[]
  /** Microsoft's own first, then in the order they came. */
  principalsOf(tenant: Tenant): readonly ServicePrincipal[]
}

export function createLookups(records: Records): Lookups {
  return {
    tenants: () => [...records.tenants.values()].map(({ tenant }) => tenant),
    findTenant: (name) => records.tenants.get(records.names.get(name.toLowerCase()) ?? '')?.tenant,
    registrations(appId) {
      const key = appId.toLowerCase()
      const found: Application[] = []
      for (const { applications } of records.tenants.values()) {
        const application = applications.get(key)
        if (application !== undefined) found.push(application)
      }
      return found
    },
    findPrincipal: (tenant, appId) => recordsOf(records, tenant).principals.get(appId.toLowerCase()),
    findResource(tenant, identifier) {
      const { identifiers, principals } = recordsOf(records, tenant)
      return principals.get(identifiers.get(normalized(identifier)) ?? '')
    },
    applicationsOf: (tenant) => [...recordsOf(records, tenant).applications.values()],
    principalsOf: (tenant) => [...recordsOf(records, tenant).principals.values()],
  }
}
