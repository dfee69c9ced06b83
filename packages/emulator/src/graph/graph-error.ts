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

/** Entra: these codes and words, for an object with too many values and for a tenant with too many objects. Guess: 403 for the second. */
export const tooLarge = (of: 'object' | 'directory'): GraphError =>
  of === 'object'
    ? new GraphError(
        403,
        'Directory_ResourceSizeExceeded',
        'The size of the object has exceeded its limit. Please reduce the number of values and retry your request.',
      )
    : new GraphError(
        403,
        'Directory_QuotaExceeded',
        'The directory object quota limit for the Tenant has been exceeded. Please ask your administrator to increase the quota limit or delete objects to reduce the used quota.',
      )

export const denied = (): GraphError =>
  new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')

/** Guess: the words; `property` as the client wrote it, `resource` as `Application`. */
export const invalidValue = (property: string, resource: string): GraphError =>
  badRequest(`Invalid value specified for property '${property}' of resource '${resource}'.`)

export const unsupportedQuery = (message: string): GraphError =>
  new GraphError(400, 'Request_UnsupportedQuery', message)
