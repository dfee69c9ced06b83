import type { Application, ServicePrincipal } from '../directory/application.ts'
import { applications } from './applications.ts'
import type { Kind } from './kind.ts'
import type { GraphRequest, Operation } from './operation.ts'
import { permission } from './permission.ts'
import { entity, page } from './query.ts'
import { servicePrincipals } from './service-principals.ts'

/** Applications and service principals: listed, created, read, changed, deleted. */
export const objectOperations: readonly Operation[] = [
  ...operationsOn(applications),
  ...operationsOn(servicePrincipals),
]

function operationsOn<T extends Application | ServicePrincipal>(kind: Kind<T>): readonly Operation[] {
  const { set, path, type } = kind
  const shown = (request: GraphRequest) => kind.all(request).map((one) => kind.show(request, one))
  return [
    {
      method: 'GET',
      path: set,
      answer(request) {
        permission.toRead(request.caller)
        return { status: 200, body: page(shown(request), request, type, set) }
      },
    },
    {
      method: 'GET',
      path: `${set}/$count`,
      answer(request) {
        permission.toRead(request.caller)
        return { status: 200, body: shown(request).length }
      },
    },
    {
      method: 'POST',
      path: set,
      answer(request) {
        permission.toCreate(request.caller)
        const context = `${request.root}/$metadata#${set}/$entity`
        return { status: 201, body: { '@odata.context': context, ...kind.show(request, created(request)) } }
      },
    },
    {
      method: 'GET',
      path,
      answer(request) {
        permission.toRead(request.caller)
        const write = (withKeys: boolean) => kind.show(request, kind.find(request), withKeys)
        return { status: 200, body: entity(request, type, set, write) }
      },
    },
    {
      method: 'PATCH',
      path,
      answer(request) {
        const object = kind.find(request)
        permission.toWrite(request.caller, object)
        kind.patch(request, object)
        return { status: 204 }
      },
    },
    {
      method: 'DELETE',
      path,
      answer(request) {
        const object = kind.find(request)
        permission.toWrite(request.caller, object)
        kind.remove(request, object)
        return { status: 204 }
      },
    },
  ]

  /** Whole, or not at all. */
  function created(request: GraphRequest): T {
    return request.directory.change(() => {
      const object = kind.create(request)
      try {
        const { body } = request
        const changing = Object.entries(body).filter(([name]) => !kind.lasting.includes(name))
        kind.patch({ ...request, body: Object.fromEntries(changing) }, object)
      } catch (error) {
        kind.remove(request, object)
        throw error
      }
      return object
    })
  }
}
