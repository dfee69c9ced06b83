import type { ServicePrincipal } from '../directory/application.ts'
import { grantedRoles } from './app-roles.ts'
import { badRequest, GraphError, invalidValue } from './graph-error.ts'
import { type GraphRequest, type Operation, principalOf } from './operation.ts'
import { permission } from './permission.ts'
import { readPrincipal, writePrincipal } from './principal-object.ts'
import { entity, page } from './query.ts'

export const servicePrincipalOperations: readonly Operation[] = [
  {
    method: 'GET',
    path: 'servicePrincipals',
    answer(request) {
      permission.toRead(request.caller)
      const all = request.directory.principalsOf(request.caller.tenant).map((one) => shown(request, one))
      return { status: 200, body: page(all, request, 'servicePrincipal', 'servicePrincipals') }
    },
  },
  {
    method: 'POST',
    path: 'servicePrincipals',
    answer(request) {
      const { caller, directory, body, root } = request
      permission.toCreate(caller)
      const { appId, ...said } = body
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
      const principal = directory.change(() => {
        const added = directory.addPrincipal(
          tenant,
          application,
          { owners: [caller.principal.id] },
          'principal:',
        )
        try {
          update({ ...request, body: said }, added)
        } catch (error) {
          directory.removePrincipal(tenant, added)
          throw error
        }
        return added
      })
      return {
        status: 201,
        body: {
          '@odata.context': `${root}/$metadata#servicePrincipals/$entity`,
          ...shown(request, principal),
        },
      }
    },
  },
  {
    method: 'GET',
    path: 'servicePrincipals/:sp',
    answer(request) {
      permission.toRead(request.caller)
      const write = (withKeys: boolean) => shown(request, principalOf(request), withKeys)
      return { status: 200, body: entity(request, 'servicePrincipal', 'servicePrincipals', write) }
    },
  },
  {
    method: 'PATCH',
    path: 'servicePrincipals/:sp',
    answer(request) {
      const principal = principalOf(request)
      permission.toWrite(request.caller, principal)
      update(request, principal)
      return { status: 204 }
    },
  },
  {
    method: 'DELETE',
    path: 'servicePrincipals/:sp',
    answer(request) {
      const principal = principalOf(request)
      permission.toWrite(request.caller, principal)
      if (principal.application.homeTenantId === undefined)
        throw badRequest('Microsoft’s own service principals cannot be removed from the emulator.')
      request.directory.removePrincipal(request.caller.tenant, principal)
      return { status: 204 }
    },
  },
]

function shown({ caller, directory }: GraphRequest, principal: ServicePrincipal, withKeys = false) {
  const granted = grantedRoles(directory.principalsOf(caller.tenant), principal.application.appId)
  return writePrincipal(principal, granted, withKeys)
}

function update({ caller, directory, body, now }: GraphRequest, principal: ServicePrincipal): void {
  directory.updatePrincipal(
    principal,
    readPrincipal(body, principal, { tenant: caller.tenant, object: principal, now }),
  )
}
