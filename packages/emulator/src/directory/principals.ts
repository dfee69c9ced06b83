import { randomUUID } from 'node:crypto'
import type { Application, ServicePrincipal, Tenant } from './application.ts'
import { withRemovals } from './credentials.ts'
import { DefinitionError, member } from './definition.ts'
import type { RoleGrant } from './new-app.ts'
import { enroll, type Records, recordsOf, refuseTaken, strike, unassign } from './records.ts'
import { forget, weigh } from './weights.ts'

type Settable =
  | 'id'
  | 'enabled'
  | 'assignmentRequired'
  | 'blockedByConditionalAccess'
  | 'certificates'
  | 'secrets'
  | 'createdAt'
  | 'owners'
  | 'manifest'

/** What may be said of a principal; all else of it follows. */
export type PrincipalSettings = { readonly [Name in Settable]?: ServicePrincipal[Name] | undefined }

/** Changes to service principals and what they are granted. `path` says where one was asked for. */
export interface PrincipalChanges {
  /** @throws DefinitionError where the tenant has one for the app. */
  addPrincipal(
    tenant: Tenant,
    application: Application,
    settings: PrincipalSettings,
    path: string,
  ): ServicePrincipal
  updatePrincipal(principal: ServicePrincipal, settings: PrincipalSettings): void
  /** With every role granted to it or of it. */
  removePrincipal(tenant: Tenant, principal: ServicePrincipal): void
  /** @throws DefinitionError for a client or a role that is not there. */
  grantRole(tenant: Tenant, clientAppId: string, grant: RoleGrant, path: string): void
  /** False where it was not granted. */
  revokeRole(principal: ServicePrincipal, grant: RoleGrant): boolean
  /** Throws as grantRole does, and changes nothing. */
  checkGrant(tenant: Tenant, grant: RoleGrant, path: string): void
}

export function createPrincipalChanges(records: Records, now: () => number): PrincipalChanges {
  function checkGrant(tenant: Tenant, { resourceAppId, role }: RoleGrant, path: string): void {
    const resource = recordsOf(records, tenant).principals.get(resourceAppId)
    if (resource === undefined)
      throw new DefinitionError(member(path, 'resourceAppId'), `no app ${resourceAppId} in the tenant`)
    const { appRoles, name } = resource.application
    if (appRoles !== undefined && !appRoles.some(({ value }) => value === role))
      throw new DefinitionError(member(path, 'role'), `app ${name} has no role ${role}`)
  }

  return {
    addPrincipal(tenant, application, settings, path) {
      const home = recordsOf(records, tenant)
      const { appId } = application
      if (home.principals.has(appId))
        throw new DefinitionError(path, `app ${appId} has a service principal in the tenant already`)
      refuseTaken(home, appId, application.identifierUris, path)
      const principal = { ...ordinary(now()), id: randomUUID(), ...said(settings), application }
      weigh(records, principal)
      home.principals.set(appId, principal)
      enroll(home, application)
      return principal
    },
    updatePrincipal(principal, settings) {
      const changes = said(settings)
      weigh(records, principal, changes)
      Object.assign(principal, withRemovals(principal, changes, now()))
    },
    removePrincipal(tenant, principal) {
      const { appId } = principal.application
      const home = recordsOf(records, tenant)
      forget(records, principal)
      unassign(home, principal.id)
      home.principals.delete(appId)
      if (home.applications.get(appId) === undefined) strike(home, appId)
      for (const { roles } of home.principals.values()) roles.delete(appId)
    },
    grantRole(tenant, clientAppId, grant, path) {
      const client = recordsOf(records, tenant).principals.get(clientAppId)
      if (client === undefined) throw new DefinitionError(path, `no app ${clientAppId} in the tenant`)
      checkGrant(tenant, grant, path)
      const granted = new Set(client.roles.get(grant.resourceAppId)).add(grant.role)
      weigh(records, client, { roles: new Map(client.roles).set(grant.resourceAppId, granted) })
      client.roles.set(grant.resourceAppId, granted)
    },
    revokeRole({ roles }, { resourceAppId, role }) {
      const granted = roles.get(resourceAppId)
      const revoked = granted?.delete(role) ?? false
      if (granted?.size === 0) roles.delete(resourceAppId)
      return revoked
    },
    checkGrant,
  }
}

/** A principal about which nothing special was said. */
export function ordinary(createdAt: number): Omit<ServicePrincipal, 'id' | 'application'> {
  return {
    enabled: true,
    assignmentRequired: false,
    blockedByConditionalAccess: false,
    certificates: [],
    secrets: [],
    roles: new Map(),
    createdAt,
    owners: [],
    manifest: {},
  }
}

/** Without what is undefined. */
function said(settings: PrincipalSettings): Partial<Pick<ServicePrincipal, Settable>> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}
