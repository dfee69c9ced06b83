import { randomUUID } from 'node:crypto'
import { firstPartyApps } from './first-party.ts'
import { type RegisteredCertificate, registerCertificate } from './registered-certificate.ts'

export interface Tenant {
  readonly id: string
  /** Verified domain names, lower case. */
  readonly domains: readonly string[]
}

/** An app registration and its service principal in one tenant. */
export interface App {
  readonly tenantId: string
  readonly appId: string
  readonly objectId: string
  /** Absent for an app without a presence in the tenant (AADSTS7000229). */
  readonly servicePrincipalId: string | undefined
  readonly name: string
  readonly identifierUris: readonly string[]
  /** Version of the tokens issued for it as a resource (`requestedAccessTokenVersion`). */
  readonly accessTokenVersion: 1 | 2
  readonly appRoles: readonly string[]
  readonly certificates: RegisteredCertificate[]
  readonly secrets: readonly ClientSecret[]
  /** App roles granted to it on resources. */
  readonly grants: RoleGrant[]
  readonly assignmentRequired: boolean
  readonly publicClient: boolean
  readonly disabled: boolean
  readonly blockedByConditionalAccess: boolean
}

export interface ClientSecret {
  readonly value: string
  /** Epoch milliseconds. */
  readonly notAfter: number
}

export interface RoleGrant {
  readonly resourceAppId: string
  readonly role: string
}

export interface NewApp {
  readonly name: string
  readonly appId?: string | undefined
  /** Default: the first tenant. */
  readonly tenantId?: string | undefined
  /** Default: `api://{appId}`. */
  readonly identifierUris?: readonly string[] | undefined
  /** Default: 1, as a new registration has it. */
  readonly accessTokenVersion?: 1 | 2 | undefined
  readonly appRoles?: readonly string[] | undefined
  /** PEM, or DER in base64. */
  readonly certificates?: readonly string[] | undefined
  readonly secrets?: readonly (string | ClientSecret)[] | undefined
  readonly assignmentRequired?: boolean | undefined
  readonly publicClient?: boolean | undefined
  readonly disabled?: boolean | undefined
  readonly withoutServicePrincipal?: boolean | undefined
  readonly blockedByConditionalAccess?: boolean | undefined
}

export type Directory = ReturnType<typeof createDirectory>

/** The tenants and what is registered in them, in memory. */
export function createDirectory() {
  const tenants: Tenant[] = []
  const apps: App[] = []
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

  function findApp(tenantId: string, appId: string): App | undefined {
    return apps.find((app) => app.tenantId === tenantId && same(app.appId, appId))
  }

  function appById(appId: string): App {
    const app = apps.find((candidate) => same(candidate.appId, appId))
    if (app === undefined) throw new RangeError(`no app ${appId} in the emulator`)
    return app
  }

  return {
    tenants: tenants as readonly Tenant[],
    apps: apps as readonly App[],
    findApp,

    findTenant(idOrDomain: string): Tenant | undefined {
      return tenants.find(
        ({ id, domains }) => same(id, idOrDomain) || domains.includes(idOrDomain.toLowerCase()),
      )
    },

    /** By app id or identifier URI; a trailing slash more or less is the same resource. */
    findResource(tenantId: string, identifier: string): App | undefined {
      const bare = (uri: string) => uri.toLowerCase().replace(/\/$/, '')
      const names = ({ appId, identifierUris }: App) => [appId, ...identifierUris].map(bare)
      return apps.find((app) => app.tenantId === tenantId && names(app).includes(bare(identifier)))
    },

    addTenant(tenant: Tenant): void {
      tenants.push(tenant)
      for (const app of firstPartyApps) this.addApp({ ...app, tenantId: tenant.id })
    },

    addApp(app: NewApp): App {
      const { appId = randomUUID(), tenantId = tenants[0]?.id ?? '' } = app
      if (findApp(tenantId, appId) !== undefined) throw new RangeError(`app ${appId} exists already`)
      const added: App = {
        tenantId,
        appId,
        objectId: randomUUID(),
        servicePrincipalId: app.withoutServicePrincipal ? undefined : randomUUID(),
        name: app.name,
        identifierUris: app.identifierUris ?? [`api://${appId}`],
        accessTokenVersion: app.accessTokenVersion ?? 1,
        appRoles: app.appRoles ?? [],
        certificates: (app.certificates ?? []).map((certificate) => registerCertificate(certificate)),
        secrets: (app.secrets ?? []).map((secret) =>
          typeof secret === 'string' ? { value: secret, notAfter: Number.POSITIVE_INFINITY } : secret,
        ),
        grants: [],
        assignmentRequired: app.assignmentRequired ?? false,
        publicClient: app.publicClient ?? false,
        disabled: app.disabled ?? false,
        blockedByConditionalAccess: app.blockedByConditionalAccess ?? false,
      }
      apps.push(added)
      return added
    },

    addCertificate({ appId, certificate }: { appId: string; certificate: string }): RegisteredCertificate {
      const app = appById(appId)
      const added = registerCertificate(certificate)
      const existing = app.certificates.find(({ sha256 }) => sha256.equals(added.sha256))
      if (existing !== undefined) return existing
      app.certificates.push(added)
      return added
    },

    removeCertificate({ appId, keyId }: { appId: string; keyId: string }): void {
      const { certificates } = appById(appId)
      const index = certificates.findIndex((certificate) => same(certificate.keyId, keyId))
      if (index < 0) throw new RangeError(`no certificate ${keyId} on app ${appId}`)
      certificates.splice(index, 1)
    },

    grantRole({ clientAppId, resourceAppId, role }: RoleGrant & { clientAppId: string }): void {
      const resource = appById(resourceAppId)
      if (!resource.appRoles.includes(role)) throw new RangeError(`app ${resourceAppId} has no role ${role}`)
      const { grants } = appById(clientAppId)
      const granted = grants.some((grant) => same(grant.resourceAppId, resourceAppId) && grant.role === role)
      if (!granted) grants.push({ resourceAppId: resource.appId, role })
    },
  }
}
