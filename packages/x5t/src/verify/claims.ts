import { type ErrorCode, TokenValidationError } from '../errors.ts'

/** The payload of a token. */
export type TokenClaims = Readonly<Record<string, unknown>>

/** What an API asks of a token besides a good signature. */
export interface Requirements {
  /** Every spelling of the API's name that is accepted. */
  readonly audiences: ReadonlySet<string>
  /** One of them must be granted; empty for no demand. */
  readonly roles: readonly string[]
  /** Client ids in lower case, or any. */
  readonly clients: ReadonlySet<string> | 'any'
  readonly requireCertificate: boolean
  readonly toleranceSeconds: number
}

/**
 * Judges the claims of a token whose signature holds. The order is that of docs/errors.md.
 *
 * @param issuer - Exact `iss` of the tenant's tokens of this version.
 * @param now - Epoch milliseconds.
 * @throws TokenValidationError
 * @see Entra: access-tokens, "Validate tokens"
 */
export function checkClaims(
  claims: TokenClaims,
  issuer: string,
  requirements: Requirements,
  now: number,
): void {
  checkIssuer(claims, issuer)
  checkAudience(claims, requirements)
  checkTime(claims, requirements, now)
  checkAppOnly(claims)
  checkRoles(claims, requirements)
  checkClient(claims, requirements)
}

function checkIssuer({ iss, tid }: TokenClaims, issuer: string): void {
  if (iss !== issuer) throw refused('ERR_TOKEN_ISSUER', 'the token is from another issuer')
  if (typeof tid === 'string' && new URL(issuer).pathname.split('/')[1] !== tid) {
    throw refused('ERR_TOKEN_ISSUER', 'the token names another tenant than its issuer')
  }
}

/** A list of audiences is refused: Entra sends one, and a token for two APIs could be replayed by either. */
function checkAudience({ aud }: TokenClaims, { audiences }: Requirements): void {
  if (typeof aud !== 'string' || !audiences.has(aud)) {
    throw refused(
      'ERR_TOKEN_AUDIENCE',
      'the token is for another audience',
      'a v2 token names the app id of the API, a v1 token the URI the client asked with',
    )
  }
}

function checkTime({ exp, nbf }: TokenClaims, { toleranceSeconds }: Requirements, now: number): void {
  const seconds = now / 1_000
  if (typeof exp !== 'number') throw refused('ERR_TOKEN_MALFORMED', 'the token has no exp')
  if (nbf !== undefined && typeof nbf !== 'number')
    throw refused('ERR_TOKEN_MALFORMED', 'the token has an nbf that is no number')
  if (seconds >= exp + toleranceSeconds) throw refused('ERR_TOKEN_EXPIRED', 'the token has expired')
  if (nbf !== undefined && seconds < nbf - toleranceSeconds)
    throw refused('ERR_TOKEN_NOT_YET_VALID', 'the token is not valid yet')
}

/** `idtyp` says it where the API asks for that claim; else an app's token has no `scp` and is its own subject. */
function checkAppOnly({ idtyp, scp, oid, sub }: TokenClaims): void {
  const appOnly =
    idtyp === undefined
      ? scp === undefined && typeof oid === 'string' && oid === sub
      : idtyp === 'app' && scp === undefined
  if (!appOnly) throw refused('ERR_TOKEN_NOT_APP_ONLY', 'the token is not an app-only one')
}

function checkRoles({ roles }: TokenClaims, { roles: required }: Requirements): void {
  if (required.length === 0) return
  if (!Array.isArray(roles) || !required.some((role) => roles.includes(role))) {
    throw refused(
      'ERR_TOKEN_ROLE',
      `the token has none of the roles ${required.join(', ')}`,
      'grant the app role and give admin consent',
    )
  }
}

function checkClient(
  { appid, azp, appidacr, azpacr }: TokenClaims,
  { clients, requireCertificate }: Requirements,
): void {
  const client = azp ?? appid
  if (clients !== 'any' && !(typeof client === 'string' && clients.has(client.toLowerCase()))) {
    throw refused('ERR_TOKEN_CLIENT', 'the token was issued to a client that is not on the list')
  }
  if (requireCertificate && (azpacr ?? appidacr) !== '2') {
    throw refused('ERR_TOKEN_CLIENT_CREDENTIAL', 'the client did not prove itself with a certificate')
  }
}

function refused(code: ErrorCode, message: string, hint?: string): TokenValidationError {
  return new TokenValidationError(code, message, { hint })
}
