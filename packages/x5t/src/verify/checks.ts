import { TokenValidationError } from '../errors.ts'
import type { AccessTokenClaims } from './claims.ts'

/** Every check that a verifier can make, in the order in which they are made. docs/verify.md says what each one asks. */
export const checkNames = [
  'form',
  'algorithm',
  'issuer',
  'key',
  'signature',
  'time',
  'audience',
  'claims',
  'app-only',
  'client',
  'certificate',
  'role',
] as const

export type CheckName = (typeof checkNames)[number]

/** One question to claims whose signature is good. `assert` throws a TokenValidationError. */
export interface Check {
  readonly name: CheckName
  assert(claims: AccessTokenClaims): void
}

/** The names of `checks`, after those that every token goes through. */
export function checksMade(checks: readonly Check[]): readonly CheckName[] {
  return Object.freeze([
    ...checkNames.slice(0, checkNames.indexOf('audience')),
    ...checks.map(({ name }) => name),
  ])
}

/**
 * Both times, each with `toleranceSeconds` for clocks that differ; a token ends at `exp`, it does not outlive it.
 * A token from the future (`iat`) is refused like one that asks for it (`nbf`).
 *
 * @param now - Epoch milliseconds.
 * @throws TokenValidationError `ERR_TOKEN_EXPIRED`; `ERR_TOKEN_NOT_YET_VALID`.
 */
export function assertInTime(claims: AccessTokenClaims, now: number, toleranceSeconds: number): void {
  const seconds = now / 1_000
  if (seconds >= claims.exp + toleranceSeconds) {
    throw new TokenValidationError('ERR_TOKEN_EXPIRED', `token expired at ${instant(claims.exp)}`)
  }
  const start = Math.max(claims.nbf ?? 0, claims.iat ?? 0)
  if (seconds < start - toleranceSeconds) {
    throw new TokenValidationError('ERR_TOKEN_NOT_YET_VALID', `token is not valid before ${instant(start)}`)
  }
}

/** @param accepted - Each spelling exactly; an `aud` of several needs one of them (RFC 7519 section 4.1.3). */
export function audienceCheck(accepted: ReadonlySet<string>, hint?: string): Check {
  return {
    name: 'audience',
    assert({ aud }) {
      if (typeof aud === 'string' ? accepted.has(aud) : aud.some((one) => accepted.has(one))) return
      throw new TokenValidationError('ERR_TOKEN_AUDIENCE', `token is for ${shown(String(aud))}`, { hint })
    },
  }
}

/** @param names - The claims that may name the client, first choice first; RFC 9068 has `client_id`, OpenID Connect `azp`. */
export function clientCheck(allowed: ReadonlySet<string>, ...names: readonly string[]): Check {
  return {
    name: 'client',
    assert(claims) {
      const client = names.map((name) => claims[name]).find((value) => value !== undefined)
      if (typeof client === 'string' && allowed.has(client)) return
      throw new TokenValidationError('ERR_TOKEN_CLIENT', `client ${shown(String(client))} is not allowed`)
    },
  }
}

/** One role of several is enough. Other issuers write roles in other shapes too; those grant nothing here. */
export function roleCheck(accepted: ReadonlySet<string>): Check {
  return {
    name: 'role',
    assert({ roles }) {
      if (Array.isArray(roles) && roles.some((role) => accepted.has(role))) return
      throw new TokenValidationError('ERR_TOKEN_ROLE', `token has no role of ${[...accepted].join(', ')}`, {
        hint: 'grant the app role to the client, with admin consent',
      })
    },
  }
}

/** Entra: a user's token has `scp`, and its subject is not the service principal itself. */
export const appOnlyCheck: Check = {
  name: 'app-only',
  assert({ scp, idtyp, oid, sub }) {
    const isApp = idtyp === undefined ? oid !== undefined && oid === sub : idtyp === 'app'
    if (isApp && scp === undefined) return
    throw new TokenValidationError('ERR_TOKEN_NOT_APP_ONLY', 'token acts for a user')
  },
}

/** Entra: `2` stands for a certificate; federated credentials and managed identities have it too. */
export function certificateCheck(claim: 'appidacr' | 'azpacr'): Check {
  return {
    name: 'certificate',
    assert(claims) {
      if (claims[claim] === '2') return
      throw new TokenValidationError(
        'ERR_TOKEN_CLIENT_CREDENTIAL',
        'client did not prove itself by a certificate',
      )
    },
  }
}

function instant(seconds: number): string {
  const date = new Date(seconds * 1_000)
  return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString()
}

/** A claim as it may stand in a message. It can be anyone's text, so it is short and of one line. */
export function shown(claim: unknown): string {
  return `'${String(claim)
    .slice(0, 100)
    .replace(/[^ -~]/g, '?')}'`
}
