import type { Check, CheckName } from './checks.ts'
import type { AccessTokenClaims } from './claims.ts'
import type { KeySet } from './key-set.ts'
import type { Metadata } from './metadata.ts'
import type { VerificationKey } from './verification-key.ts'

/** An issuer that the options name, and what its tokens must be. Its keys come from the options too, never from a token. */
export interface TrustedIssuer {
  readonly keySet: KeySet
  /** What is asked of the claims once the signature is good. */
  readonly checks: readonly Check[]
  /** The names of all that is checked, those before the claims too. */
  readonly checksMade: readonly CheckName[]
  /** True if the token's `iss` is exactly what the metadata announces as `issuer`. */
  isIssuerOf(claims: AccessTokenClaims, announced: string): boolean
  /** True if the issuer lets this key sign this token. */
  mayUse(key: VerificationKey, claims: AccessTokenClaims): boolean
}

/** Every issuer that the options name. */
export interface TrustedIssuers {
  readonly chooseIssuer: ChooseIssuer
  /** Entra: where a person would sign in; a challenge names it. */
  readonly authorizationUri?: string | undefined
}

/**
 * Chooses among the issuers of the options by what an unverified token says of itself. Only the choice rests on
 * that; the chosen issuer's rules are then held against the token.
 *
 * @throws TokenValidationError when none fits.
 */
export type ChooseIssuer = (claims: AccessTokenClaims) => TrustedIssuer

/** Makes a key set; `discover` finds the metadata, with a function that reads the metadata document at `address`. */
export type KeySetAt = (
  address: URL,
  discover: (read: () => Promise<Metadata>) => Promise<Metadata>,
) => KeySet
