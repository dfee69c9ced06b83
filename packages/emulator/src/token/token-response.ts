import { backdatedSeconds } from './access-token.ts'

export type TokenResponse = Readonly<Record<string, string | number>> & { readonly access_token: string }

/**
 * The body of a granted request, members and types as the endpoint has them: v2 writes numbers, v1 writes every
 * number as text.
 */
export function tokenResponse(
  endpoint: 'v1' | 'v2',
  token: {
    readonly accessToken: string
    /** NumericDate seconds. */
    readonly issuedAt: number
    readonly lifetimeSeconds: number
    readonly refreshInSeconds: number | undefined
    /** The resource in the client's spelling. */
    readonly requestedResource: string
  },
): TokenResponse {
  const { accessToken, issuedAt, lifetimeSeconds, refreshInSeconds, requestedResource } = token
  // Entra: a token of an hour has 3599 seconds left when it is answered.
  const left = lifetimeSeconds - 1
  const number = (seconds: number) => (endpoint === 'v1' ? String(seconds) : seconds)
  return {
    token_type: 'Bearer',
    expires_in: number(left),
    ext_expires_in: number(left),
    ...(refreshInSeconds === undefined ? {} : { refresh_in: number(refreshInSeconds) }),
    ...(endpoint === 'v1'
      ? {
          expires_on: String(issuedAt + lifetimeSeconds),
          not_before: String(issuedAt - backdatedSeconds),
          resource: requestedResource,
        }
      : {}),
    access_token: accessToken,
  }
}
