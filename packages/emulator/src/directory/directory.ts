import { randomUUID, type X509Certificate } from 'node:crypto'
import type { Application, ServicePrincipal, Tenant } from './application.ts'
import { DefinitionError, member } from './definition.ts'
import { firstPartyApplications } from './first-party.ts'
import type { ReadApp, RoleGrant } from './new-app.ts'
import { type RegisteredCertificate, register } from './registered-certificate.ts'

/** Everything the emulator knows about who exists and who may do what. In memory. */
export interface Directory {
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
  /** The changes below throw DefinitionError for what is taken or missing; `path` says where they were asked for. */
  addTenant(tenant: NewTenant, path: string): Tenant
  addApp(tenant: Tenant, app: ReadApp, path: string): AddedApplication
  /** A certificate that is there already stays as it is. */
  addCertificate(application: Application, x509: X509Certificate): RegisteredCertificate
  /** False when no certificate has that key id. */
  removeCertificate(application: Application, keyId: string): boolean
  grantRole(tenant: Tenant, clientAppId: string, grant: RoleGrant, path: string): void
  /** Throws as grantRole does, and changes nothing. */
  checkGrant(tenant: Tenant, grant: RoleGrant, path: string): void
}

type NewTenant = Omit<Tenant, 'displayName' | 'createdAt'> & { readonly displayName: string | undefined }

interface AddedApplication {
  readonly application: Application
  /** Undefined where it was to have none. */
  readonly principal: ServicePrincipal | undefined
}

interface TenantRecords {
  readonly tenant: Tenant
  /** By app id, as the principals. */
  readonly applications: Map<string, Application>
  readonly principals: Map<string, ServicePrincipal>
  /** App ids by normalized identifier. */
  readonly identifiers: Map<string, string>
}

/** @param now - Epoch milliseconds. */
export function createDirectory(now: () => number): Directory {
  const records = new Map<string, TenantRecords>()
  const tenantIds = new Map<string, string>()

  function recordsOf(tenant: Tenant): TenantRecords {
    const found = records.get(tenant.id)
    if (found === undefined) throw new TypeError(`tenant ${tenant.id} is of another directory`)
    return found
  }

  function addPrincipal(tenant: Tenant, principal: Omit<ServicePrincipal, 'roles'>): ServicePrincipal {
    const { principals, identifiers } = recordsOf(tenant)
    const { appId, identifierUris } = principal.application
    const added = { ...principal, roles: new Map() }
    principals.set(appId, added)
    for (const name of [appId, ...identifierUris]) identifiers.set(normalized(name), appId)
    return added
  }

  const directory: Directory = {
    tenants: () => [...records.values()].map(({ tenant }) => tenant),
    findTenant: (name) => records.get(tenantIds.get(name.toLowerCase()) ?? '')?.tenant,
    registrations: (appId) =>
      [...records.values()].flatMap((tenant) => tenant.applications.get(appId.toLowerCase()) ?? []),
    findPrincipal: (tenant, appId) => recordsOf(tenant).principals.get(appId.toLowerCase()),
    findResource(tenant, identifier) {
      const { identifiers, principals } = recordsOf(tenant)
      return principals.get(identifiers.get(normalized(identifier)) ?? '')
    },
    applicationsOf: (tenant) => [...recordsOf(tenant).applications.values()],

    addTenant({ id, domains, region, displayName = domains[0] ?? id }, path) {
      const names = [id, ...domains]
      const taken = names.find((name) => tenantIds.has(name))
      if (taken !== undefined) throw new DefinitionError(path, `${taken} names another tenant already`)
      const tenant = { id, domains, region, displayName, createdAt: now() }
      records.set(id, { tenant, applications: new Map(), principals: new Map(), identifiers: new Map() })
      for (const name of names) tenantIds.set(name, id)
      for (const application of firstPartyApplications)
        addPrincipal(tenant, { ...ordinary, id: randomUUID(), application })
      return tenant
    },

    addApp(tenant, app, path) {
      const { applications, identifiers } = recordsOf(tenant)
      const { appId = randomUUID(), objectId = randomUUID(), servicePrincipalId = randomUUID() } = app
      if (applications.has(appId) || identifiers.has(appId))
        throw new DefinitionError(member(path, 'appId'), `${appId} is registered already`)
      const { identifierUris = [`api://${appId}`] } = app
      identifierUris.forEach((uri, index) => {
        if (identifiers.has(normalized(uri)))
          throw new DefinitionError(member(path, `identifierUris[${index}]`), `${uri} belongs to another app`)
      })
      const certificates = app.certificates.map(register)
      const application = { ...app, appId, objectId, identifierUris, certificates, homeTenantId: tenant.id }
      applications.set(appId, application)
      if (app.withoutServicePrincipal) return { application, principal: undefined }
      const { assignmentRequired, blockedByConditionalAccess } = app
      const principal = addPrincipal(tenant, {
        id: servicePrincipalId,
        application,
        enabled: !app.disabled,
        assignmentRequired,
        blockedByConditionalAccess,
      })
      return { application, principal }
    },

    addCertificate({ certificates }, x509) {
      const added = register(x509)
      const present = certificates.find(({ thumbprintSha256 }) => thumbprintSha256 === added.thumbprintSha256)
      if (present === undefined) certificates.push(added)
      return present ?? added
    },

    removeCertificate({ certificates }, keyId) {
      const index = certificates.findIndex((one) => one.keyId === keyId)
      if (index >= 0) certificates.splice(index, 1)
      return index >= 0
    },

    grantRole(tenant, clientAppId, grant, path) {
      const client = directory.findPrincipal(tenant, clientAppId)
      if (client === undefined) throw new DefinitionError(path, `no app ${clientAppId} in the tenant`)
      directory.checkGrant(tenant, grant, path)
      const granted = client.roles.get(grant.resourceAppId) ?? new Set()
      client.roles.set(grant.resourceAppId, granted.add(grant.role))
    },

    checkGrant(tenant, { resourceAppId, role }, path) {
      const resource = directory.findPrincipal(tenant, resourceAppId)
      if (resource === undefined)
        throw new DefinitionError(member(path, 'resourceAppId'), `no app ${resourceAppId} in the tenant`)
      const { appRoles, name } = resource.application
      if (appRoles !== undefined && !appRoles.includes(role))
        throw new DefinitionError(member(path, 'role'), `app ${name} has no role ${role}`)
    },
  }
  return directory
}

/** A principal about which nothing special was said. */
const ordinary = { enabled: true, assignmentRequired: false, blockedByConditionalAccess: false }

const normalized = (identifier: string): string => identifier.toLowerCase().replace(/\/$/, '')
