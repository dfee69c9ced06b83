import { createExchange } from '../http/create-exchange.ts'
import { createClock } from '../internal/clock.ts'
import { assertOptions } from './assert-options.ts'
import type { AccessTokenClaims, EntraClaims } from './claims.ts'
import { createEntraIssuers } from './entra-issuers.ts'
import { createKeySet } from './key-set.ts'
import { fetchKeys, fetchMetadata } from './metadata.ts'
import type { EntraOptions, IssuerOptions } from './options.ts'
import { createOtherIssuer } from './other-issuer.ts'
import type { KeySetAt } from './trusted-issuer.ts'
import { createVerifyToken, type VerifiedToken } from './verify-token.ts'

export interface Verifier<Claims extends AccessTokenClaims = EntraClaims> {
  /**
   * @param options.signal - Ends this caller's wait for keys; others wait on.
   * @throws TokenValidationError when the token is refused; X5tError `ERR_METADATA_INVALID` or TransportError when
   * no keys can be had to judge it by; the signal's reason.
   */
  verify(
    token: string,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<VerifiedToken<Claims>>
}

/**
 * Checks the access tokens that an API is called with: offline, but for the issuer's metadata and keys.
 *
 * @throws TypeError for options that contradict each other or leave a check out without saying so.
 * @throws ConfigurationError for a tenant or authority that cannot be.
 */
export function createVerifier(options: EntraOptions): Verifier
export function createVerifier(options: IssuerOptions): Verifier<AccessTokenClaims>
export function createVerifier(options: EntraOptions | IssuerOptions): Verifier<AccessTokenClaims> {
  assertOptions(options)
  const { now, clockToleranceSeconds = 300, rememberTokens = 4_096 } = options
  const clock = createClock(now)
  const exchange = createExchange(options)
  const keySetAt: KeySetAt = (discover) =>
    createKeySet(
      {
        discover: () => discover((url) => fetchMetadata(exchange, url)),
        fetchKeys: (metadata) => fetchKeys(exchange, metadata),
      },
      clock,
    )
  const chooseIssuer =
    'issuer' in options ? createOtherIssuer(options, keySetAt) : createEntraIssuers(options, keySetAt)
  const verifyToken = createVerifyToken({ chooseIssuer, clock, clockToleranceSeconds, rememberTokens })

  return { verify: (token, { signal } = {}) => verifyToken(token, signal) }
}
