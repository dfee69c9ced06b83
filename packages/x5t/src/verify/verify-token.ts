import { hash } from 'node:crypto'
import { TokenValidationError } from '../errors.ts'
import type { Clock } from '../internal/clock.ts'
import { assertInTime, type CheckName, shown } from './checks.ts'
import { type AccessTokenClaims, readClaims } from './claims.ts'
import { readHeader } from './header.ts'
import { type AcceptedHeader, type Jws, parsePart, readJws, splitJws, type TokenHeader } from './jws.ts'
import type { KeySet } from './key-set.ts'
import { createRemembered } from './remembered.ts'
import { createTokenMemory } from './token-memory.ts'
import type { ChooseIssuer, TrustedIssuer } from './trusted-issuer.ts'
import type { VerificationKey } from './verification-key.ts'

/** A token that passed. Its header, claims and checks are frozen, for they may be handed out again. */
export interface VerifiedToken<Claims extends AccessTokenClaims = AccessTokenClaims> {
  readonly header: TokenHeader
  readonly claims: Claims
  /** What was checked, in order; what `checkNames` has besides was not asked for. */
  readonly checks: readonly CheckName[]
}

export type VerifyToken<Claims extends AccessTokenClaims = AccessTokenClaims> = (
  token: string,
  signal?: AbortSignal | undefined,
) => Promise<VerifiedToken<Claims>>

interface Remembered {
  readonly result: VerifiedToken
  readonly keySet: KeySet
  readonly key: VerificationKey
}

/** One for each key that signs, mostly; many more than any issuer has. */
const maxHeaders = 128

/** The whole judgement of one token, as docs/verify.md tells it. */
export function createVerifyToken(options: {
  readonly chooseIssuer: ChooseIssuer
  readonly clock: Clock
  readonly clockToleranceSeconds: number
  readonly rememberTokens: number
}): VerifyToken {
  const { chooseIssuer, clock, clockToleranceSeconds, rememberTokens } = options
  const memory = createTokenMemory<Remembered>(rememberTokens)
  const accepted = createRemembered<string, AcceptedHeader>(maxHeaders)

  return async (token, signal) => {
    signal?.throwIfAborted()
    const text = splitJws(token)
    const digest = hash('sha256', text.signingInput, 'binary')
    const known = memory.find(digest, text.signature)
    if (known?.keySet.holds(known.key)) {
      assertInTime(known.result.claims, clock.wall(), clockToleranceSeconds)
      return { ...known.result }
    }

    const jws = readJws(text, accepted)
    const payload = parsePart('payload', jws.payload)
    const kid = jws.kid ?? readHeader(jws.header)
    const claims = readClaims(payload)
    const issuer = chooseIssuer(claims)
    const { keySet } = issuer
    const published = keySet.known() ?? (await keySet.current(signal))
    if (!issuer.isIssuerOf(claims, published.issuer)) {
      throw new TokenValidationError('ERR_TOKEN_ISSUER', `token is from ${shown(claims.iss)}`)
    }
    const keys = published.byName.get(kid) ?? (await keySet.including(kid, signal)).byName.get(kid)
    if (keys === undefined) {
      throw new TokenValidationError(
        'ERR_TOKEN_KEY_UNKNOWN',
        `${published.issuer} has no key of that name (kid)`,
      )
    }
    const key = findSigner(jws, digest, claims, issuer, keys)
    assertInTime(claims, clock.wall(), clockToleranceSeconds)
    for (const check of issuer.checks) check.assert(claims)

    // A copy, for a slice of the token would keep all of it.
    if (jws.kid === undefined) accepted.set(Buffer.from(text.header).toString(), { header: jws.header, kid })
    const result = { header: jws.header, claims, checks: issuer.checksMade }
    memory.keep(digest, jws.signature, { result, keySet, key })
    return { ...result }
  }
}

function findSigner(
  { header, signature }: Jws,
  digest: string,
  claims: AccessTokenClaims,
  issuer: TrustedIssuer,
  keys: readonly VerificationKey[],
): VerificationKey {
  const mayUse = (key: VerificationKey) => issuer.mayUse(key, claims)
  const key = keys.find((candidate) => mayUse(candidate) && candidate.verifies(digest, signature))
  if (key !== undefined) return key
  if (!keys.some(mayUse)) {
    throw new TokenValidationError('ERR_TOKEN_ISSUER', 'token names a key that signs for another issuer')
  }
  throw new TokenValidationError('ERR_TOKEN_SIGNATURE', 'token is not signed by the key it names', {
    hint:
      header.nonce === undefined
        ? undefined
        : 'a token with a nonce in its header is for a Microsoft API only',
  })
}
