import { appManagementPolicy, noPolicy } from './app-management-policy.ts'
import type { Tenant } from './application.ts'
import { assignedPolicies } from './assigned-policy.ts'
import { type SeedSecret, secret } from './client-secret.ts'
import {
  DefinitionError,
  flag,
  guid,
  instant,
  json,
  list,
  member,
  optional,
  type Reader,
  record,
  text,
} from './definition.ts'
import { createDirectory, type Directory } from './directory.ts'
import { grants, type RoleGrant, readSeedApp, type SeedApp } from './new-app.ts'
import { registeredCertificate, type SeedCertificate } from './registered-certificate.ts'

/** What an emulator starts with: plain JSON, described in docs/emulator.md and by docs/schemas/emulator-seed.schema.json. */
export interface Seed {
  /** For editors. */
  readonly $schema?: string | undefined
  /** Of the format. Default: 1, the only one there is. */
  readonly version?: number | undefined
  readonly tenants: readonly SeedTenant[]
}

export interface SeedTenant {
  /** GUID. */
  readonly id: string
  /** Default: none; the tenant is then named by its id only. */
  readonly domains?: readonly string[] | undefined
  /** Default: the first domain, or the id. */
  readonly displayName?: string | undefined
  /** Entra: `tenant_region_scope`, such as `EU` or `NA`. Default: `WW`. */
  readonly region?: string | undefined
  readonly apps?: readonly SeedApp[] | undefined
  /** Of apps that are registered in another tenant, or Microsoft's own where something special is said of them. */
  readonly servicePrincipals?: readonly SeedServicePrincipal[] | undefined
  /** ISO 8601. Default: now. */
  readonly createdDateTime?: string | undefined
  /** Graph's `defaultAppManagementPolicy`: which credentials it takes for applications. Default: any. */
  readonly appManagementPolicy?: object | undefined
  /** Graph's `appManagementPolicies`, each with the object ids that it is assigned to. */
  readonly assignedPolicies?: readonly object[] | undefined
}

/** What an application is in a tenant, where that is more than its app says. */
export interface SeedServicePrincipal {
  readonly appId: string
  /** Object id. Default: a new GUID. */
  readonly id?: string | undefined
  readonly disabled?: boolean | undefined
  readonly assignmentRequired?: boolean | undefined
  readonly blockedByConditionalAccess?: boolean | undefined
  readonly certificates?: readonly SeedCertificate[] | undefined
  readonly secrets?: readonly (string | SeedSecret)[] | undefined
  readonly grants?: readonly RoleGrant[] | undefined
  readonly owners?: readonly string[] | undefined
  /** ISO 8601. Default: now. */
  readonly createdDateTime?: string | undefined
  readonly manifest?: Readonly<Record<string, unknown>> | undefined
}

/** The format that is read and written. */
export const seedVersion = 1

/**
 * A directory with a seed's tenants in it.
 *
 * @param seed - Untrusted: most come from a file.
 * @param now - Epoch milliseconds.
 * @throws DefinitionError that names the place, as `seed: tenants[0].apps[1].certificates[0]: not a certificate`.
 */
export function plant(seed: unknown, now: () => number): Directory {
  const directory = createDirectory(now)
  replant(directory, seed, now)
  return directory
}

/** Replaces all that a directory holds by a seed's tenants, or throws as `plant` does and changes nothing. */
export function replant(directory: Directory, seed: unknown, now: () => number, root = 'seed:'): void {
  const { tenants } = readSeed(seed, root)
  const path = (t: number) => member(root, `tenants[${t}]`)
  directory.replace((empty) => {
    const planted = tenants.map((tenant, t) => addTenant(empty, tenant, path(t), now))
    // Then what may name something that stands further down.
    planted.forEach(({ tenant }, t) => {
      tenants[t]?.servicePrincipals.forEach((principal, p) => {
        addPrincipal(empty, tenant, principal, `${path(t)}.servicePrincipals[${p}]`)
      })
    })
    planted.forEach(({ tenant, apps }, t) => {
      tenants[t]?.apps.forEach((app, a) => {
        grantAll(empty, tenant, apps[a]?.appId ?? '', app.grants, `${path(t)}.apps[${a}]`)
      })
      tenants[t]?.servicePrincipals.forEach(({ appId, grants }, p) => {
        grantAll(empty, tenant, appId, grants, `${path(t)}.servicePrincipals[${p}]`)
      })
    })
  })
}

function addTenant(directory: Directory, given: ReadTenant, path: string, now: () => number) {
  const {
    id,
    domains,
    region,
    displayName,
    createdDateTime: createdAt = now(),
    appManagementPolicy: policy,
    assignedPolicies: assigned,
  } = given
  const tenant = directory.addTenant(
    { id, domains, region, displayName, createdAt, policy, assignedPolicies: assigned },
    path,
  )
  const apps = given.apps.map((app, a) => directory.addApp(tenant, app, `${path}.apps[${a}]`).application)
  return { tenant, apps }
}

function addPrincipal(directory: Directory, tenant: Tenant, given: ReadPrincipal, path: string): void {
  const { appId, disabled, createdDateTime: createdAt, grants: _, ...said } = given
  const settings = { ...said, enabled: !disabled, createdAt }
  const present = directory.findPrincipal(tenant, appId)
  if (present !== undefined && present.application.homeTenantId === undefined) {
    directory.updatePrincipal(present, { ...settings, id: undefined, createdAt: undefined })
    return
  }
  const registrations = directory.registrations(appId)
  const application =
    registrations.find(({ homeTenantId }) => homeTenantId === tenant.id) ??
    registrations.find(({ multiTenant }) => multiTenant) ??
    // Of an app that was multi-tenant when it came.
    registrations[0]
  if (application === undefined)
    throw new DefinitionError(member(path, 'appId'), `${appId} is no app of any tenant`)
  directory.addPrincipal(tenant, application, settings, path)
}

function grantAll(
  directory: Directory,
  tenant: Tenant,
  appId: string,
  given: readonly RoleGrant[],
  path: string,
): void {
  given.forEach((grant, g) => {
    directory.grantRole(tenant, appId, grant, `${path}.grants[${g}]`)
  })
}

const domain: Reader<string> = (value, path) => {
  const given = text(value, path).toLowerCase()
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(given))
    throw new DefinitionError(path, 'expected a domain such as contoso.onmicrosoft.com')
  return given
}

const readPrincipal = record({
  appId: guid,
  id: optional(guid, undefined),
  disabled: optional(flag, false),
  assignmentRequired: optional(flag, false),
  blockedByConditionalAccess: optional(flag, false),
  certificates: optional(list(registeredCertificate), []),
  secrets: optional(list(secret), []),
  grants,
  owners: optional(list(guid), []),
  createdDateTime: optional(instant, undefined),
  manifest: optional(json, {}),
})

export type ReadPrincipal = ReturnType<typeof readPrincipal>

const readTenant = record({
  id: guid,
  domains: optional(list(domain), []),
  displayName: optional(text, undefined),
  region: optional(text, 'WW'),
  apps: optional(list(readSeedApp), []),
  servicePrincipals: optional(list(readPrincipal), []),
  createdDateTime: optional(instant, undefined),
  appManagementPolicy: optional(appManagementPolicy, noPolicy),
  assignedPolicies: optional(assignedPolicies, []),
})

export type ReadTenant = ReturnType<typeof readTenant>

const version: Reader<number> = (value, path) => {
  if (typeof value === 'number' && value > seedVersion)
    throw new DefinitionError(path, `${value} is of a newer emulator; this one reads version ${seedVersion}`)
  if (value !== seedVersion) throw new DefinitionError(path, `expected ${seedVersion}`)
  return value
}

const readTenants: Reader<readonly ReadTenant[]> = (value, path) => {
  const tenants = list(readTenant)(value, path)
  if (tenants.length === 0) throw new DefinitionError(path, 'expected at least one tenant')
  return tenants
}

/** A seed's form: what it means, taken names say, is for `plant`. */
export const readSeed = record({
  $schema: optional(text, undefined),
  // First, for a newer format may differ in anything else.
  version: optional(version, seedVersion),
  tenants: readTenants,
})
