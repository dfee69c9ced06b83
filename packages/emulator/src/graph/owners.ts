import type { Application, ServicePrincipal } from '../directory/application.ts'
import { badRequest, notFound } from './graph-error.ts'
import { applicationOf, type GraphRequest, type Operation, principalById, principalOf } from './operation.ts'
import { permission } from './permission.ts'
import { writePrincipal } from './principal-object.ts'
import { page } from './query.ts'

type Owned = Application | ServicePrincipal

/** Owners of applications and service principals; here they are service principals, for there are no users. */
export const ownerOperations: readonly Operation[] = [
  ...operationsOn(
    'applications/:app',
    applicationOf,
    ({ directory, caller }, application: Application, owners) =>
      directory.updateApplication(caller.tenant, application, { owners }, 'application:'),
  ),
  ...operationsOn(
    'servicePrincipals/:sp',
    principalOf,
    ({ directory }, principal: ServicePrincipal, owners) => directory.updatePrincipal(principal, { owners }),
  ),
]

function operationsOn<T extends Owned>(
  path: string,
  find: (request: GraphRequest) => T,
  set: (request: GraphRequest, object: T, owners: readonly string[]) => void,
): readonly Operation[] {
  return [
    {
      method: 'GET',
      path: `${path}/owners`,
      answer(request) {
        const { caller, directory } = request
        permission.toRead(caller)
        const found = find(request).owners.flatMap((id) => principalById(directory, caller.tenant, id) ?? [])
        const shown = found.map((one) => ({
          '@odata.type': '#microsoft.graph.servicePrincipal',
          ...writePrincipal(one, []),
        }))
        return { status: 200, body: page(shown, request, 'directoryObject', 'directoryObjects') }
      },
    },
    {
      method: 'POST',
      path: `${path}/owners/$ref`,
      answer(request) {
        const object = find(request)
        permission.toWrite(request.caller, object)
        const id = referenced(request)
        if (object.owners.includes(id))
          throw badRequest(
            "One or more added object references already exist for the following modified properties: 'owners'.",
          )
        set(request, object, [...object.owners, id])
        return { status: 204 }
      },
    },
    {
      method: 'DELETE',
      path: `${path}/owners/:owner/$ref`,
      answer(request) {
        const { owner = '' } = request.params
        const object = find(request)
        permission.toWrite(request.caller, object)
        if (!object.owners.includes(owner.toLowerCase())) throw notFound(owner)
        set(
          request,
          object,
          object.owners.filter((id) => id !== owner.toLowerCase()),
        )
        return { status: 204 }
      },
    },
  ]
}

/** `@odata.id` is a URL whose last segment is the object's id. */
function referenced({ reference, directory, caller }: GraphRequest): string {
  const id = reference?.split('/').at(-1) ?? ''
  const principal = principalById(directory, caller.tenant, id)
  if (principal === undefined) throw notFound(id)
  return principal.id
}
