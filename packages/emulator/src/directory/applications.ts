import { randomUUID } from 'node:crypto'
import { type AppRole, appRoleOf } from './app-role.ts'
import type { Application, ServicePrincipal, Tenant } from './application.ts'
import { withRemovals } from './credentials.ts'
import { DefinitionError, member } from './definition.ts'
import type { ReadApp } from './new-app.ts'
import type { PrincipalChanges } from './principals.ts'
import {
  enroll,
  type Records,
  recordsOf,
  refuseTaken,
  strike,
  type TenantRecords,
  unassign,
} from './records.ts'
import { forget, weigh } from './weights.ts'

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
  /** Other tenants in which the application has a principal. */
  const guestsOf = (application: Application): readonly TenantRecords[] =>
    [...records.tenants.values()].filter(
      ({ tenant, principals }) =>
        tenant.id !== application.homeTenantId &&
        principals.get(application.appId)?.application === application,
    )

  function removeApplication(tenant: Tenant, application: Application): void {
    const home = recordsOf(records, tenant)
    home.applications.delete(application.appId)
    forget(records, application)
    unassign(home, application.objectId)
    for (const one of [home, ...guestsOf(application)]) {
      const principal = one.principals.get(application.appId)
      if (principal !== undefined) removePrincipal(one.tenant, principal)
    }
    strike(home, application.appId)
  }

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
      weigh(records, application)
      home.applications.set(appId, application)
      enroll(home, application)
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
      try {
        return { application, principal: addPrincipal(tenant, application, settings, path) }
      } catch (error) {
        removeApplication(tenant, application)
        throw error
      }
    },

    updateApplication(tenant, application, settings, path) {
      const { appId } = application
      const { identifierUris, appRoles } = settings
      const places = [recordsOf(records, tenant), ...guestsOf(application)]
      for (const one of places) refuseTaken(one, appId, identifierUris ?? [], path)
      weigh(records, application, settings)
      if (appRoles !== undefined) regrant(places, application, appRoles)
      Object.assign(application, withRemovals(application, settings, now()))
      if (identifierUris === undefined) return
      for (const one of places) {
        strike(one, appId)
        enroll(one, application)
      }
    },
    removeApplication,
  }
}

/** A role is granted by its id: renamed, it stays granted by its new name; gone, it is granted to nobody. */
function regrant(
  places: readonly TenantRecords[],
  { appId, appRoles }: Application,
  following: readonly AppRole[],
): void {
  const ids = new Map(appRoles?.map(({ value, id }) => [value, id]))
  const valueNow = (value: string) => following.find(({ id }) => id === ids.get(value))?.value
  for (const { roles } of places.flatMap(({ principals }) => [...principals.values()])) {
    const granted = [...(roles.get(appId) ?? [])].flatMap((value) => valueNow(value) ?? [])
    if (granted.length > 0) roles.set(appId, new Set(granted))
    else roles.delete(appId)
  }
}
