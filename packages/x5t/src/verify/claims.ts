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
  for (const name in required) if (claims[name] === undefined) throw malformed(`has no ${name}`)
  checkTypes(claims, required)
  checkTypes(claims, optional)
  return claims as AccessTokenClaims // the tables below are its members
}

/**
 * As {@link readClaims}, for what Entra adds.
 *
 * @throws TokenValidationError `ERR_TOKEN_MALFORMED`; `ERR_TOKEN_VERSION`.
 */
export function readEntraClaims(claims: AccessTokenClaims): EntraClaims {
  if (claims.ver !== '1.0' && claims.ver !== '2.0') {
    throw new TokenValidationError('ERR_TOKEN_VERSION', 'token is neither of version 1.0 nor of version 2.0')
  }
  if (!isTenantId(claims.tid)) throw malformed('has no tenant id (tid)')
  checkTypes(claims, entra)
  return claims as EntraClaims // the table below and the lines above are its members
}

export function isTenantId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)
}

type Types = Readonly<Record<string, (value: unknown) => boolean>>

const isString = (value: unknown) => typeof value === 'string'
const isStrings = (value: unknown) => Array.isArray(value) && value.every(isString)
/** JSON has no infinity, but `1e999` reads as one. */
const isNumber = (value: unknown) => Number.isFinite(value)

const required: Types = { iss: isString, aud: (value) => isString(value) || isStrings(value), exp: isNumber }
const optional: Types = { nbf: isNumber, iat: isNumber, sub: isString }
const entra: Types = {
  oid: isString,
  appid: isString,
  appidacr: isString,
  azp: isString,
  azpacr: isString,
  roles: isStrings,
  idtyp: isString,
  uti: isString,
}

function checkTypes(claims: Claims, types: Types): void {
  for (const name in types) {
    const value = claims[name]
    if (value !== undefined && types[name]?.(value) !== true) throw malformed(`has ${name} of a wrong type`)
  }
}

function malformed(clause: string): TokenValidationError {
  return new TokenValidationError('ERR_TOKEN_MALFORMED', `token ${clause}`)
}
