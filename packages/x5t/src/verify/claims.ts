import { TokenValidationError } from '../errors.ts'

/** Claims that every accepted token has, and those whose type is checked if they are there (RFC 7519 section 4.1). */
export interface AccessTokenClaims {
  readonly iss: string
  readonly aud: string | readonly string[]
  /** NumericDate, seconds; so are `nbf` and `iat`. */
  readonly exp: number
  readonly nbf?: number
  readonly iat?: number
  readonly sub?: string
  readonly [name: string]: unknown
}

/** Claims of an access token that Entra issues to an app. Entra: access-token-claims-reference. */
export interface EntraClaims extends AccessTokenClaims {
  readonly ver: '1.0' | '2.0'
  /** Tenant id. */
  readonly tid: string
  /** Object id of the service principal. */
  readonly oid?: string
  /** The client, v1.0. */
  readonly appid?: string
  /** How the client proved itself, v1.0: `0` not at all, `1` by a secret, `2` by a certificate. */
  readonly appidacr?: string
  /** The client, v2.0. */
  readonly azp?: string
  /** As `appidacr`, v2.0. */
  readonly azpacr?: string
  /** App roles granted to the client. */
  readonly roles?: readonly string[]
  readonly idtyp?: string
  /** Names the token in logs. */
  readonly uti?: string
}

type Claims = Readonly<Record<string, unknown>>

/**
 * Gives claims their types. `exp`, `iss` and `aud` must be there: a token that never ends, or is from anyone or for
 * anyone, is none.
 *
 * @throws TokenValidationError `ERR_TOKEN_MALFORMED`.
 */
export function readClaims(claims: Claims): AccessTokenClaims {
  const { iss, aud, exp, nbf, iat, sub } = claims
  if (!isString(iss)) throw wrong('iss', iss)
  if (!isString(aud) && !isStrings(aud)) throw wrong('aud', aud)
  if (!isNumber(exp)) throw wrong('exp', exp)
  if (nbf !== undefined && !isNumber(nbf)) throw wrong('nbf', nbf)
  if (iat !== undefined && !isNumber(iat)) throw wrong('iat', iat)
  if (!isStringOrAbsent(sub)) throw wrong('sub', sub)
  return claims as AccessTokenClaims // the lines above are its members
}

/**
 * As {@link readClaims}, for what Entra adds.
 *
 * @throws TokenValidationError `ERR_TOKEN_MALFORMED`; `ERR_TOKEN_VERSION`.
 */
export function readEntraClaims(claims: AccessTokenClaims): EntraClaims {
  const { ver, tid, oid, appid, appidacr, azp, azpacr, roles, idtyp, uti } = claims
  if (ver !== '1.0' && ver !== '2.0') {
    throw new TokenValidationError('ERR_TOKEN_VERSION', 'token is neither of version 1.0 nor of version 2.0')
  }
  if (!isTenantId(tid)) throw malformed('has no tenant id (tid)')
  if (!isStringOrAbsent(oid)) throw wrong('oid', oid)
  if (!isStringOrAbsent(appid)) throw wrong('appid', appid)
  if (!isStringOrAbsent(appidacr)) throw wrong('appidacr', appidacr)
  if (!isStringOrAbsent(azp)) throw wrong('azp', azp)
  if (!isStringOrAbsent(azpacr)) throw wrong('azpacr', azpacr)
  if (roles !== undefined && !isStrings(roles)) throw wrong('roles', roles)
  if (!isStringOrAbsent(idtyp)) throw wrong('idtyp', idtyp)
  if (!isStringOrAbsent(uti)) throw wrong('uti', uti)
  return claims as EntraClaims // the lines above are its members
}

export function isTenantId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)
}

const isString = (value: unknown) => typeof value === 'string'
const isStringOrAbsent = (value: unknown) => value === undefined || isString(value)
const isStrings = (value: unknown) => Array.isArray(value) && value.every(isString)
/** JSON has no infinity, but `1e999` reads as one. */
const isNumber = (value: unknown) => Number.isFinite(value)

function wrong(name: string, value: unknown): TokenValidationError {
  return malformed(value === undefined ? `has no ${name}` : `has ${name} of a wrong type`)
}

function malformed(clause: string): TokenValidationError {
  return new TokenValidationError('ERR_TOKEN_MALFORMED', `token ${clause}`)
}
