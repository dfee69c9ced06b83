import { TokenValidationError } from '../errors.ts'
import type { Clock } from '../internal/clock.ts'
import { assertInTime, type CheckName, shown } from './checks.ts'
import { type AccessTokenClaims, readClaims } from './claims.ts'
import { readHeader } from './header.ts'
import type { KeySet } from './key-set.ts'
import { createRemembered, tokenHash } from './remembered.ts'
import { type ParsedToken, parseToken, type TokenHeader } from './token.ts'
import type { ChooseIssuer, TrustedIssuer } from './trusted-issuer.ts'
import type { VerificationKey } from './verification-key.ts'

/** A token that passed. Frozen, for it may be handed out again. */
export interface VerifiedToken<Claims extends AccessTokenClaims = AccessTokenClaims> {
  readonly header: TokenHeader
  readonly claims: Claims
  /** What was checked, in order; what `checkNames` has besides was not asked for. */
  readonly checks: readonly CheckName[]
}

export type VerifyToken = (token: string, signal?: AbortSignal | undefined) => Promise<VerifiedToken>

interface Remembered {
  readonly result: VerifiedToken
  readonly keySet: KeySet
  readonly key: VerificationKey
}

/** The whole judgement of one token, as docs/verify.md tells it. */
export function createVerifyToken(options: {
  readonly chooseIssuer: ChooseIssuer
  readonly clock: Clock
  readonly clockToleranceSeconds: number
  readonly rememberTokens: number
}): VerifyToken {
  const { chooseIssuer, clock, clockToleranceSeconds, rememberTokens } = options
  const remembered = createRemembered<Remembered>(rememberTokens)

  return async (token, signal) => {
    signal?.throwIfAborted()
    const name = rememberTokens === 0 ? undefined : tokenHash(token)
    const known = name === undefined ? undefined : remembered.find(name)
    if (known?.keySet.holds(known.key)) {
      assertInTime(known.result.claims, clock.wall(), clockToleranceSeconds)
      return known.result
    }

    const parsed = parseToken(token)
    const kid = readHeader(parsed.header)
    const claims = readClaims(parsed.claims)
    const issuer = chooseIssuer(claims)
    const key = findSigner(parsed, claims, issuer, await keysNaming(kid, claims, issuer, signal))
    assertInTime(claims, clock.wall(), clockToleranceSeconds)
    for (const check of issuer.checks) check.assert(claims)

    const result = Object.freeze({ header: parsed.header, claims, checks: issuer.checksMade })
    if (name !== undefined) remembered.remember(name, { result, keySet: issuer.keySet, key })
    return result
  }
}

/** The keys of that name; the set is looked at once more for one it does not know. */
async function keysNaming(
  kid: string,
  claims: AccessTokenClaims,
  { keySet, isIssuerOf }: TrustedIssuer,
  signal: AbortSignal | undefined,
): Promise<readonly VerificationKey[]> {
  const { issuer, byName } = await keySet.current(signal)
  if (!isIssuerOf(claims, issuer)) {
    throw new TokenValidationError('ERR_TOKEN_ISSUER', `token is from ${shown(claims.iss)}`)
  }
  const keys = byName.get(kid) ?? (await keySet.including(kid, signal)).byName.get(kid)
  if (keys !== undefined) return keys
  throw new TokenValidationError('ERR_TOKEN_KEY_UNKNOWN', `${issuer} has no key of the name in the token`)
}

function findSigner(
  { header, signingInput, signature }: ParsedToken,
  claims: AccessTokenClaims,
  issuer: TrustedIssuer,
  keys: readonly VerificationKey[],
): VerificationKey {
  const allowed = keys.filter((key) => issuer.mayUse(key, claims))
  if (allowed.length === 0) {
    throw new TokenValidationError('ERR_TOKEN_ISSUER', 'token names a key that signs for another issuer')
  }
  const key = allowed.find((candidate) => candidate.verifies(signingInput, signature))
  if (key !== undefined) return key
  throw new TokenValidationError('ERR_TOKEN_SIGNATURE', 'token is not signed by the key it names', {
    hint:
      header.nonce === undefined
        ? undefined
        : 'a token with a nonce in its header is for a Microsoft API only',
  })
}
