import { randomUUID } from 'node:crypto'
import { appRoleOf } from './app-role.ts'
import type { Application, ServicePrincipal, Tenant } from './application.ts'
import { withRemovals } from './credentials.ts'
import { DefinitionError, member } from './definition.ts'
import type { ReadApp } from './new-app.ts'
import type { PrincipalChanges } from './principals.ts'
import { enroll, normalized, type Records, recordsOf, strike, type TenantRecords } from './records.ts'

export interface AddedApplication {
  readonly application: Application
  /** Undefined where it was to have none. */
  readonly principal: ServicePrincipal | undefined
}

/** What can change of an application. */
export type ApplicationSettings = Partial<
  Pick<
    Application,
    | 'name'
    | 'identifierUris'
    | 'accessTokenVersion'
    | 'appRoles'
    | 'optionalClaims'
    | 'multiTenant'
    | 'certificates'
    | 'secrets'
    | 'owners'
    | 'manifest'
  >
>

/** Changes to app registrations. `path` says where one was asked for. */
export interface ApplicationChanges {
  /** @throws DefinitionError for an id or identifier URI that another app has. */
  addApp(tenant: Tenant, app: ReadApp, path: string): AddedApplication
  /** @throws DefinitionError for an identifier URI that another app has. */
  updateApplication(
    tenant: Tenant,
    application: Application,
    settings: ApplicationSettings,
    path: string,
  ): void
  /** With its service principals in all tenants. */
  removeApplication(tenant: Tenant, application: Application): void
}

export function createApplicationChanges(
  records: Records,
  { addPrincipal, removePrincipal }: PrincipalChanges,
  now: () => number,
): ApplicationChanges {
  return {
    addApp(tenant, app, path) {
      const home = recordsOf(records, tenant)
      const { appId = randomUUID(), objectId = randomUUID() } = app
      if (home.applications.has(appId) || home.identifiers.has(appId))
        throw new DefinitionError(member(path, 'appId'), `${appId} is registered already`)
      const { identifierUris = [`api://${appId}`], createdDateTime: createdAt = now() } = app
      refuseTaken(home, appId, identifierUris, path)
      const application: Application = {
        appId,
        objectId,
        homeTenantId: tenant.id,
        name: app.name,
        identifierUris,
        accessTokenVersion: app.accessTokenVersion,
        appRoles: app.appRoles.map((role) => appRoleOf(appId, role)),
        optionalClaims: app.optionalClaims,
        multiTenant: app.multiTenant,
        publicClient: app.publicClient,
        certificates: app.certificates,
        secrets: app.secrets,
        trustedSubjects: app.trustedSubjects,
        createdAt,
        owners: app.owners,
        manifest: app.manifest,
      }
      home.applications.set(appId, application)
      if (app.withoutServicePrincipal) return { application, principal: undefined }
      const { assignmentRequired, blockedByConditionalAccess, servicePrincipalId: id, owners } = app
      const settings = {
        id,
        enabled: !app.disabled,
        assignmentRequired,
        blockedByConditionalAccess,
        createdAt,
        owners,
      }
      return { application, principal: addPrincipal(tenant, application, settings, path) }
    },

    updateApplication(tenant, application, settings, path) {
      const { appId } = application
      const { identifierUris } = settings
      if (identifierUris !== undefined) refuseTaken(recordsOf(records, tenant), appId, identifierUris, path)
      Object.assign(application, withRemovals(application, settings, now()))
      for (const one of records.tenants.values()) {
        const principal = one.principals.get(appId)
        if (identifierUris === undefined || principal?.application !== application) continue
        strike(one, appId)
        enroll(one, principal)
      }
    },

    removeApplication(tenant, application) {
      recordsOf(records, tenant).applications.delete(application.appId)
      for (const one of records.tenants.values()) {
        const principal = one.principals.get(application.appId)
        if (principal?.application === application) removePrincipal(one.tenant, principal)
      }
    },
  }
}

function refuseTaken(
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
