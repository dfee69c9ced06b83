/** A request that Graph refuses. Its message is what the client reads: never a key, a secret or a token. */
export class GraphError extends Error {
  override readonly name = 'GraphError'
  readonly status: number
  /** Graph's own code, as `Request_BadRequest`. */
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export const badRequest = (message: string): GraphError => new GraphError(400, 'Request_BadRequest', message)

/** Entra: the words for an object that is not there, or not yet. */
export const notFound = (id: string): GraphError =>
  new GraphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  )

export const denied = (): GraphError =>
  new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')

/** Guess: the words; `property` as the client wrote it, `resource` as `Application`. */
export const invalidValue = (property: string, resource: string): GraphError =>
  badRequest(`Invalid value specified for property '${property}' of resource '${resource}'.`)

export const unsupportedQuery = (message: string): GraphError =>
  new GraphError(400, 'Request_UnsupportedQuery', message)
