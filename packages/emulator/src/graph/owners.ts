import type { Application, ServicePrincipal } from '../directory/application.ts'
import { applications } from './applications.ts'
import { badRequest, notFound } from './graph-error.ts'
import type { Kind } from './kind.ts'
import { type GraphRequest, type Operation, principalById } from './operation.ts'
import { permission } from './permission.ts'
import { writePrincipal } from './principal-object.ts'
import { page } from './query.ts'
import { servicePrincipals } from './service-principals.ts'

/** Owners of applications and service principals; here they are service principals, for there are no users. */
export const ownerOperations: readonly Operation[] = [
  ...operationsOn(applications),
  ...operationsOn(servicePrincipals),
]

function operationsOn<T extends Application | ServicePrincipal>({
  path,
  find,
  change,
}: Kind<T>): readonly Operation[] {
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
        change(request, object, { owners: [...object.owners, id] })
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
        change(request, object, { owners: object.owners.filter((id) => id !== owner.toLowerCase()) })
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
