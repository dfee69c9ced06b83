import { type ErrorCode, TokenValidationError, X5tError } from '../../errors.ts'
import { bearerChallenge, claimsChallenge } from '../challenge.ts'
import { InsufficientClaimsError } from '../claim-requests.ts'

/** The answer to a request that is not let in, for any server. */
export interface Refusal {
  /** 401: come back with another token. 403: this client is known and may not. 503: no keys to judge by. */
  readonly status: 401 | 403 | 503
  readonly headers: Readonly<Record<string, string>>
  /** Problem details (RFC 9457) with status and title, nothing of the token. */
  readonly body: string
  /** Why, for the log of the API. Absent when there was no bearer token. */
  readonly error?: X5tError
}

/** Codes of tokens that are good and whose client is not allowed in; another token will not help. */
const forbidden: ReadonlySet<ErrorCode> = new Set([
  'ERR_TOKEN_NOT_APP_ONLY',
  'ERR_TOKEN_CLIENT',
  'ERR_TOKEN_CLIENT_CREDENTIAL',
  'ERR_TOKEN_ROLE',
])

/** RFC 6750 section 3.1: a request without credentials is told nothing but how to come. */
export function refuseAnonymous(authorizationUri: string | undefined): Refusal {
  return refusal(401, { 'www-authenticate': bearerChallenge({ authorization_uri: authorizationUri }) })
}

/**
 * What to answer after `verify` has thrown.
 *
 * @throws The error itself, when it does not come from the token or its issuer.
 */
export function refuse(error: unknown, authorizationUri: string | undefined): Refusal {
  if (!(error instanceof X5tError)) throw error
  if (!(error instanceof TokenValidationError))
    return refusal(503, { 'retry-after': retryAfter(error) }, error)
  if (error instanceof InsufficientClaimsError) {
    return refusal(401, { 'www-authenticate': claimsChallenge(error.requested, authorizationUri) }, error)
  }
  const status = forbidden.has(error.code) ? 403 : 401
  const challenge = bearerChallenge({
    authorization_uri: authorizationUri,
    error: status === 403 ? 'insufficient_scope' : 'invalid_token',
    error_description: error.code,
  })
  return refusal(status, { 'www-authenticate': challenge }, error)
}

/** Whole seconds, at least 1. */
function retryAfter({ retryAfterMs = 0 }: X5tError): string {
  return String(Math.max(1, Math.ceil(retryAfterMs / 1_000)))
}

const titles = { 401: 'Unauthorized', 403: 'Forbidden', 503: 'Service Unavailable' } as const

function refusal(status: Refusal['status'], headers: Refusal['headers'], error?: X5tError): Refusal {
  return {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    body: JSON.stringify({ status, title: titles[status] }),
    ...(error === undefined ? {} : { error }),
  }
}
