import type { Application, ServicePrincipal, Tenant } from '../directory/application.ts'
import type { Directory } from '../directory/directory.ts'
import type { Answer } from './answer.ts'
import type { Caller } from './caller.ts'
import { notFound } from './graph-error.ts'

/** One thing that Graph does. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the version, with `:name` for what varies. */
  readonly path: string
  answer(request: GraphRequest): Answer | Promise<Answer>
}

/** A request whose sender is known. */
export interface GraphRequest {
  readonly caller: Caller
  readonly directory: Directory
  readonly params: Readonly<Record<string, string>>
  readonly url: URL
  /** Origin and version: `https://localhost:8443/v1.0`. */
  readonly root: string
  /** Without OData annotations. Empty where the method has no body. */
  readonly body: Readonly<Record<string, unknown>>
  /** `@odata.id` of a body that refers to an object. */
  readonly reference: string | undefined
  /** Epoch milliseconds. */
  readonly now: number
}

/** By object id, or by app id as `appId=…`. @throws GraphError 404 */
export function applicationOf({ directory, caller, params: { app = '' } }: GraphRequest): Application {
  const found = directory.applicationsOf(caller.tenant).find(
    named(
      app,
      ({ objectId }) => objectId,
      (one) => one.appId,
    ),
  )
  if (found === undefined) throw notFound(shown(app))
  return found
}

/** As `applicationOf`, for service principals. */
export function principalOf({ directory, caller, params: { sp = '' } }: GraphRequest): ServicePrincipal {
  const found = directory.principalsOf(caller.tenant).find(
    named(
      sp,
      ({ id }) => id,
      ({ application }) => application.appId,
    ),
  )
  if (found === undefined) throw notFound(shown(sp))
  return found
}

function named<T>(key: string, idOf: (one: T) => string, appIdOf: (one: T) => string): (one: T) => boolean {
  const [, appId] = /^appId=(.*)$/i.exec(key.toLowerCase()) ?? []
  return (one) => (appId === undefined ? idOf(one) === key.toLowerCase() : appIdOf(one) === appId)
}

const shown = (key: string): string => key.replace(/^appId=/i, '')

/** The principal with this object id, of any application. */
export function principalById(
  directory: Directory,
  tenant: Tenant,
  id: unknown,
): ServicePrincipal | undefined {
  return directory.principalsOf(tenant).find((one) => one.id === String(id).toLowerCase())
}
