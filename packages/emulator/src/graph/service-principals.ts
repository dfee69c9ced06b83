import type { ServicePrincipal } from '../directory/application.ts'
import { grantedRoles } from './app-roles.ts'
import { badRequest, GraphError, invalidValue } from './graph-error.ts'
import type { Kind } from './kind.ts'
import { principalOf } from './operation.ts'
import { readPrincipal, writePrincipal } from './principal-object.ts'

export const servicePrincipals: Kind<ServicePrincipal> = {
  set: 'servicePrincipals',
  path: 'servicePrincipals/:sp',
  resource: 'ServicePrincipal',
  type: 'servicePrincipal',
  lasting: ['appId'],
  all: ({ directory, caller }) => directory.principalsOf(caller.tenant),
  find: principalOf,
  idOf: ({ id }) => id,
  show({ caller, directory }, principal, withKeys) {
    const granted = grantedRoles(directory.principalsOf(caller.tenant), principal.application.appId)
    return writePrincipal(principal, granted, withKeys)
  },
  create({ caller, directory, body: { appId } }) {
    if (typeof appId !== 'string') throw invalidValue('appId', 'ServicePrincipal')
    const { tenant } = caller
    if (directory.findPrincipal(tenant, appId) !== undefined)
      throw new GraphError(
        409,
        'Request_MultipleObjectsWithSameKeyValue',
        `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
      )
    const application = directory
      .registrations(appId)
      .find(({ homeTenantId, multiTenant }) => homeTenantId === tenant.id || multiTenant)
    if (application === undefined)
      throw badRequest(
        `The appId '${appId}' of the service principal does not reference a valid application object.`,
      )
    return directory.addPrincipal(tenant, application, { owners: [caller.principal.id] }, 'principal:')
  },
  patch({ directory, caller, body, now }, principal) {
    const occasion = { tenant: caller.tenant, object: principal, now }
    directory.updatePrincipal(principal, readPrincipal(body, principal, occasion))
  },
  change({ directory }, principal, settings) {
    directory.updatePrincipal(principal, settings)
  },
  remove({ directory, caller }, principal) {
    if (principal.application.homeTenantId === undefined)
      throw badRequest('Microsoft’s own service principals cannot be removed from the emulator.')
    directory.removePrincipal(caller.tenant, principal)
  },
}
