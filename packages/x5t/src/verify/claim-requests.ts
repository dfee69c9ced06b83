import { TokenValidationError } from '../errors.ts'
import type { Check } from './checks.ts'
import type { AccessTokenClaims } from './claims.ts'

/**
 * What a claim must be: there at all, this value, or one of these (OpenID Connect Core 1.0 section 5.5.1). A claim
 * that is a list needs one of them in it. Entra: the value of `nbf` is the earliest that is accepted.
 */
export interface ClaimRequest {
  readonly essential?: true | undefined
  readonly value?: string | undefined
  readonly values?: readonly string[] | undefined
}

/** By name of the claim. */
export type ClaimRequests = Readonly<Record<string, ClaimRequest>>

/** The token is good but lacks claims; a client that understands the challenge comes back with a new one. */
export class InsufficientClaimsError extends TokenValidationError {
  /** What to ask the issuer for. */
  readonly requested: ClaimRequests

  constructor(requested: ClaimRequests) {
    super('ERR_TOKEN_CLAIMS', `token lacks a claim of ${Object.keys(requested).join(', ')}`, {
      hint: 'answer the claims challenge with a new token; one with the same claims will be refused again',
    })
    this.requested = requested
  }
}

export function claimRequestsCheck(requested: ClaimRequests): Check {
  const entries = Object.entries(requested)
  return {
    name: 'claims',
    assert(claims) {
      if (!entries.every(([name, request]) => satisfies(claims, name, request))) {
        throw new InsufficientClaimsError(requested)
      }
    },
  }
}

function satisfies(claims: AccessTokenClaims, name: string, { value, values }: ClaimRequest): boolean {
  if (!Object.hasOwn(claims, name)) return false
  const claim = claims[name]
  if (name === 'nbf' && value !== undefined) return Number(claim) >= Number(value)
  const accepted = values ?? (value === undefined ? undefined : [value])
  if (accepted === undefined) return true
  return [claim].flat().some((one) => accepted.includes(String(one)))
}
