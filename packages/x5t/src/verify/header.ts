import { TokenValidationError } from '../errors.ts'
import { excerpt } from '../internal/redact.ts'
import type { TokenHeader } from './jws.ts'

/**
 * Accepts a header that says RS256, names a key and asks for nothing else. `jwk`, `jku`, `x5u`, `x5c` and `x5t` are
 * never read: a token does not choose what it is checked with.
 *
 * @returns The `kid`, an opaque name for one of the issuer's keys.
 * @throws TokenValidationError `ERR_TOKEN_ALGORITHM`; `ERR_TOKEN_MALFORMED`.
 * @see RFC 7515 section 4.1; RFC 8725 sections 3.1 and 3.11
 */
export function readHeader(header: TokenHeader): string {
  const { alg, crit, b64, typ, kid } = header
  if (alg !== 'RS256') {
    const named = typeof alg === 'string' ? `'${excerpt(alg, 20)}'` : 'no algorithm'
    throw new TokenValidationError('ERR_TOKEN_ALGORITHM', `token is signed with ${named}, not with RS256`)
  }
  if (crit !== undefined) throw malformed('has header parameters that must be understood (crit)')
  if (b64 !== undefined) throw malformed('asks for an unencoded payload (b64)')
  if (typ !== undefined && !isAccessTokenType(typ))
    throw malformed('is of another type (typ) than JWT or at+jwt')
  if (typeof kid !== 'string' || kid === '') throw malformed('names no key (kid)')
  return kid
}

/** RFC 7519 section 5.1, RFC 9068 section 2.1: a media type, whose `application/` may be left out. */
function isAccessTokenType(typ: unknown): boolean {
  return typeof typ === 'string' && /^(application\/)?(at\+)?jwt$/i.test(typ)
}

function malformed(clause: string): TokenValidationError {
  return new TokenValidationError('ERR_TOKEN_MALFORMED', `token ${clause}`)
}
