import { parsePart, readJws, splitJws, type TokenHeader } from './jws.ts'

/** A token taken apart. Nothing in it is true because it stands there. */
export interface DecodedToken {
  readonly header: TokenHeader
  /** The payload, as its sender wrote it. */
  readonly claims: Readonly<Record<string, unknown>>
}

/**
 * Reads a token without judging it: no signature, time or claim is checked, so nothing in the result can be trusted.
 * Takes any JWT of strict form, client assertions and proofs of possession too.
 *
 * @throws TokenValidationError `ERR_TOKEN_MALFORMED`, as `verify` would.
 */
export function decodeToken(token: string): DecodedToken {
  const { header, payload } = readJws(splitJws(token))
  return { header, claims: parsePart('payload', payload) }
}
