import { randomUUID } from 'node:crypto'
import type { App, AppName, NewApp, NewGrant, Tenant } from './app.ts'
import { firstPartyApps } from './first-party.ts'
import { type RegisteredCertificate, registerCertificate } from './registered-certificate.ts'

export type Directory = ReturnType<typeof createDirectory>

/** The tenants and what is registered in them, in memory. */
export function createDirectory() {
  const tenants: Tenant[] = []
  const apps: App[] = []
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

  function findApp(tenantId: string, appId: string): App | undefined {
    return apps.find((app) => app.tenantId === tenantId && same(app.appId, appId))
  }

  /** By app id alone where one tenant has it. */
  function appById({ appId, tenantId }: AppName): App {
    const found = apps.filter(
      (app) => same(app.appId, appId) && (tenantId === undefined || same(app.tenantId, tenantId)),
    )
    const [app] = found
    if (app === undefined) throw new RangeError(`no app ${appId} in the emulator`)
    if (found.length > 1) throw new TypeError(`app ${appId} is in ${found.length} tenants; name one`)
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
      const taken = [tenant.id, ...tenant.domains].find((name) => this.findTenant(name) !== undefined)
      if (taken !== undefined) throw new TypeError(`tenant ${taken} exists already`)
      tenants.push(tenant)
      for (const app of firstPartyApps) this.addApp({ ...app, tenantId: tenant.id })
    },

    addApp(app: NewApp): App {
      const { appId = randomUUID() } = app
      const tenantId = (app.tenantId === undefined ? tenants[0] : this.findTenant(app.tenantId))?.id
      if (tenantId === undefined) throw new TypeError(`no tenant ${app.tenantId} in the emulator`)
      if (findApp(tenantId, appId) !== undefined) throw new TypeError(`app ${appId} exists already`)
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

    addCertificate({ certificate, ...name }: AppName & { certificate: string }): RegisteredCertificate {
      const app = appById(name)
      const added = registerCertificate(certificate)
      const existing = app.certificates.find(({ sha256 }) => sha256.equals(added.sha256))
      if (existing !== undefined) return existing
      app.certificates.push(added)
      return added
    },

    removeCertificate({ keyId, ...name }: AppName & { keyId: string }): void {
      const { appId, certificates } = appById(name)
      const index = certificates.findIndex((certificate) => same(certificate.keyId, keyId))
      if (index < 0) throw new RangeError(`no certificate ${keyId} on app ${appId}`)
      certificates.splice(index, 1)
    },

    grantRole({ clientAppId, resourceAppId, role, tenantId }: NewGrant): void {
      const resource = appById({ appId: resourceAppId, tenantId })
      if (!resource.appRoles.includes(role)) throw new RangeError(`app ${resourceAppId} has no role ${role}`)
      const { grants } = appById({ appId: clientAppId, tenantId })
      const granted = grants.some((grant) => same(grant.resourceAppId, resourceAppId) && grant.role === role)
      if (!granted) grants.push({ resourceAppId: resource.appId, role })
    },
  }
}
