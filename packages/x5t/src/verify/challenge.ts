import type { ClaimRequests } from './claim-requests.ts'

export interface ChallengeParameters {
  /** RFC 6750 section 3.1, or `insufficient_claims` (Entra: claims-challenge). Left out when there was no token. */
  readonly error?: 'invalid_token' | 'insufficient_scope' | 'insufficient_claims' | undefined
  readonly error_description?: string | undefined
  /** Entra: where a person would sign in. */
  readonly authorization_uri?: string | undefined
  /** Base64 of JSON. */
  readonly claims?: string | undefined
}

/** A `WWW-Authenticate` value (RFC 6750 section 3). All in one challenge, every value quoted, as old clients need it. */
export function bearerChallenge(parameters: ChallengeParameters): string {
  const written = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}="${value}"`)
  return ['Bearer', written.join(', ')].join(' ').trimEnd()
}

/**
 * The challenge with which an API asks for a token with more in it, for handlers that find out late. `createClient`
 * and the Azure SDKs answer it with a new token; send it with status 401.
 *
 * @param requested - As in the option `requiredClaims`: `{ nbf: { essential: true, value: '1604106651' } }` asks for a
 * token from after that second.
 * @see Entra: claims-challenge
 */
export function claimsChallenge(requested: ClaimRequests, authorizationUri?: string | undefined): string {
  return bearerChallenge({
    authorization_uri: authorizationUri,
    error: 'insufficient_claims',
    claims: Buffer.from(JSON.stringify({ access_token: requested })).toString('base64'),
  })
}
