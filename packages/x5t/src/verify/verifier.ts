import { verify as verifySignature } from 'node:crypto'
import {
  type AuthorityOptions,
  type EndpointVersion,
  metadataUrl,
  parseAuthority,
} from '../entra/authority.ts'
import { TokenValidationError } from '../errors.ts'
import { createExchange, type ExchangeOptions } from '../http/create-exchange.ts'
import { createClock } from '../internal/clock.ts'
import { checkClaims, type Requirements } from './claims.ts'
import { createKeySet, type KeySet } from './key-set.ts'
import { type DecodedToken, type ParsedToken, parseToken } from './token.ts'

export interface VerifierOptions extends AuthorityOptions, ExchangeOptions {
  /** The API: its app id (then `api://{app id}` counts too) and its identifier URIs, with or without a last slash. */
  readonly audience: string | readonly string[]
  /** App roles of which the client must have one. */
  readonly roles?: readonly string[] | undefined
  /** Client ids that are served. `any` accepts every app of the tenant, and has to be said where no role is asked. */
  readonly clients?: readonly string[] | 'any' | undefined
  /** Serves only clients that proved themselves with a certificate. Default: false. */
  readonly requireCertificate?: boolean | undefined
  /** Default: both; each is verified with the keys and the issuer of its own version. */
  readonly version?: EndpointVersion | undefined
  /** Default: 300, as Microsoft's own library has it. */
  readonly clockToleranceSeconds?: number | undefined
  /** Epoch milliseconds. */
  readonly now?: (() => number) | undefined
}

export interface Verifier {
  /**
   * The header and claims of a token that this API should accept.
   *
   * @throws TokenValidationError for a token that it should not; TransportError or X5tError `ERR_METADATA_INVALID`
   * when the tenant's keys cannot be had.
   */
  verify(token: string): Promise<DecodedToken>
}

/**
 * The check an API makes of an app-only access token: RS256, a key of the tenant's own key set, exact issuer, audience,
 * time, and a role or a client that was named. No key, address or algorithm is taken from the token.
 *
 * @throws TypeError when it is not said who may call: `roles`, `clients`, or `clients: 'any'`.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const requirements = parseRequirements(options)
  const authority = parseAuthority(options)
  const exchange = createExchange(options)
  const clock = createClock(options.now)
  const keySets: Record<EndpointVersion, KeySet> = {
    '1.0': createKeySet({ metadataUrl: metadataUrl(authority, '1.0'), exchange, clock }),
    '2.0': createKeySet({ metadataUrl: metadataUrl(authority, '2.0'), exchange, clock }),
  }

  return {
    async verify(token) {
      const parsed = parseToken(token)
      const kid = checkHeader(parsed)
      const keySet = keySets[versionOf(parsed, options.version)]
      const found = await keySet.find(kid)
      if (found === undefined)
        throw refused('ERR_TOKEN_KEY_UNKNOWN', 'the token is signed by a key the tenant does not publish')
      if (!verifySignature('sha256', parsed.signingInput, found.key, parsed.signature)) {
        throw refused('ERR_TOKEN_SIGNATURE', 'the signature of the token does not hold')
      }
      const issuer = await keySet.issuer()
      if (found.issuer !== undefined && !bindsTo(found.issuer, issuer, parsed)) {
        throw refused('ERR_TOKEN_ISSUER', 'the key that signed the token belongs to another issuer')
      }
      checkClaims(parsed.claims, issuer, requirements, clock.wall())
      return { header: parsed.header, claims: parsed.claims }
    },
  }
}

/** Entra: a key's issuer is exact, or a template for all tenants. */
function bindsTo(keyIssuer: string, issuer: string, { claims }: ParsedToken): boolean {
  return keyIssuer.replaceAll('{tenantid}', String(claims.tid)) === issuer
}

/** @returns The key id. `b64: false` needs `crit`, so refusing `crit` refuses it too. @see RFC 7515 section 4.1.11 */
function checkHeader({ header }: ParsedToken): string {
  if (header.alg !== 'RS256') throw refused('ERR_TOKEN_ALGORITHM', 'the token is not signed with RS256')
  if ('crit' in header) throw refused('ERR_TOKEN_MALFORMED', 'the token has a crit header')
  if (typeof header.kid !== 'string' || header.kid === '')
    throw refused('ERR_TOKEN_MALFORMED', 'the token names no key')
  return header.kid
}

function versionOf({ claims }: ParsedToken, wanted: EndpointVersion | undefined): EndpointVersion {
  const { ver } = claims
  if ((ver !== '1.0' && ver !== '2.0') || (wanted !== undefined && ver !== wanted)) {
    throw refused('ERR_TOKEN_VERSION', `the token is not of version ${wanted ?? '1.0 or 2.0'}`)
  }
  return ver
}

function parseRequirements(options: VerifierOptions): Requirements {
  const { audience, roles = [], clients, requireCertificate = false, clockToleranceSeconds = 300 } = options
  const audiences = [audience].flat()
  if (audiences.length === 0 || !audiences.every((name) => typeof name === 'string' && name !== '')) {
    throw new TypeError('audience must name the API')
  }
  if (roles.length === 0 && clients === undefined) {
    throw new TypeError("a verifier needs roles or clients; clients: 'any' accepts every app of the tenant")
  }
  if (!Number.isFinite(clockToleranceSeconds) || clockToleranceSeconds < 0 || clockToleranceSeconds > 600) {
    throw new TypeError('clockToleranceSeconds must be between 0 and 600')
  }
  return {
    audiences: new Set(audiences.flatMap(spellings)),
    roles,
    clients:
      clients === undefined || clients === 'any'
        ? 'any'
        : new Set(clients.map((client) => client.toLowerCase())),
    requireCertificate,
    toleranceSeconds: clockToleranceSeconds,
  }
}

/** A v1 token repeats the spelling the client asked with. */
function spellings(audience: string): string[] {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(audience)) return [audience, `api://${audience}`]
  const bare = audience.replace(/\/$/, '')
  return [bare, `${bare}/`]
}

function refused(
  code: ConstructorParameters<typeof TokenValidationError>[0],
  message: string,
): TokenValidationError {
  return new TokenValidationError(code, message)
}
