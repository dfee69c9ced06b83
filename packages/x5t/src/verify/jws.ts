import { TokenValidationError } from '../errors.ts'
import { parseStrictJson } from './strict-json.ts'

/** The JOSE header of a token, as its sender wrote it. */
export type TokenHeader = Readonly<Record<string, unknown>>

/** The parts of a JWS as they stand, of which nothing is known yet. */
export interface JwsText {
  readonly header: string
  readonly payload: string
  readonly signature: string
  /** What the signature covers: the first two parts and the dot between them. */
  readonly signingInput: string
}

/** A JWS taken apart. Nothing in it is true because it stands there. */
export interface Jws {
  readonly header: TokenHeader
  /** The key that `header` names, where `header` was accepted before. */
  readonly kid: string | undefined
  /** A character for each byte. */
  readonly payload: string
  readonly signature: Buffer
}

/** A header that was accepted, and the key it names. */
export interface AcceptedHeader {
  readonly header: TokenHeader
  readonly kid: string
}

/** Longest token that is looked at, in characters. Node gives all headers of a request 16 KiB together. */
export const maxTokenChars = 16_384

/**
 * Finds the parts of a JWS in compact serialization (RFC 7515 section 7.1).
 *
 * @throws TokenValidationError `ERR_TOKEN_MALFORMED`.
 */
export function splitJws(token: string): JwsText {
  if (typeof token !== 'string') throw malformed('is not a string')
  if (token.length > maxTokenChars) throw malformed(`has more than ${maxTokenChars} characters`)
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  if (first === -1 || second === -1) throw malformed('has fewer than three parts')
  if (has(token, '.', second + 1)) {
    throw malformed('has more than three parts', 'a token of five parts is encrypted (JWE)')
  }
  return {
    header: token.slice(0, first),
    payload: token.slice(first + 1, second),
    signature: token.slice(second + 1),
    signingInput: token.slice(0, second),
  }
}

/**
 * Decodes the parts. One token has one spelling: base64url without padding, whitespace or spare bits, so that a deny
 * list of token texts cannot be walked around.
 *
 * @param accepted - Headers accepted before, by their text. Few keys sign many tokens, so a header is judged once.
 * @throws TokenValidationError `ERR_TOKEN_MALFORMED`.
 */
export function readJws(text: JwsText, accepted?: Pick<ReadonlyMap<string, AcceptedHeader>, 'get'>): Jws {
  const before = accepted?.get(text.header)
  return {
    header: before?.header ?? parsePart('header', decodeToText('header', text.header)),
    kid: before?.kid,
    payload: decodeToText('payload', text.payload),
    signature: decodeToBytes('signature', text.signature),
  }
}

/**
 * The JSON object that a part holds, frozen.
 *
 * @param bytes - A character for each.
 * @throws TokenValidationError `ERR_TOKEN_MALFORMED`.
 */
export function parsePart(part: 'header' | 'payload', bytes: string): Readonly<Record<string, unknown>> {
  const value = parseStrictJson(bytes)
  if (typeof value === 'string') throw malformed(`has a ${part} that ${value}`)
  return value
}

function decodeToBytes(part: string, text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  if (isOnlySpelling(text, bytes.length) && !beyondLatin1.test(text)) return bytes
  throw notBase64url(part)
}

/** A character for each byte. A string that is written in one go is parsed sooner than one that was bytes before. */
function decodeToText(part: string, text: string): string {
  const isOfBoth = !has(text, '-') && !has(text, '_')
  const bytes = decodeBase64(isOfBoth ? text : text.replaceAll('-', '+').replaceAll('_', '/'))
  if (bytes !== undefined && isOnlySpelling(text, bytes.length)) return bytes
  throw notBase64url(part)
}

function decodeBase64(text: string): string | undefined {
  try {
    return atob(text)
  } catch {
    return undefined
  }
}

/**
 * Node's decoders take the other alphabet, whitespace and padding too, of a character beyond Latin-1 one of them sees a
 * part, and the rest it skips: so many characters give so many bytes only if none was skipped. Encoding again and
 * comparing says the same and takes longer; the tests do it.
 */
function isOnlySpelling(text: string, bytes: number): boolean {
  const rest = text.length % 4
  if (rest === 1 || bytes !== Math.floor((text.length * 3) / 4)) return false
  if (rest > 1 && !lastCharacters[rest]?.includes(text.at(-1) ?? '')) return false
  return !has(text, '+') && !has(text, '/')
}

/** Costs nothing on a string that V8 keeps with a byte for each character, as it keeps a token. */
const beyondLatin1 = /[^\0-\xff]/

/** Those whose spare bits are zero: four bits after one byte, two after two. */
const lastCharacters: Readonly<Record<number, string>> = { 2: 'AQgw', 3: 'AEIMQUYcgkosw048' }

/** `includes` that V8 does not leave its compiled code for: half the time on a token. */
function has(text: string, character: string, start = 0): boolean {
  return text.indexOf(character, start) !== -1
}

function notBase64url(part: string): TokenValidationError {
  return malformed(`has a ${part} that is not base64url`)
}

function malformed(clause: string, hint?: string): TokenValidationError {
  return new TokenValidationError('ERR_TOKEN_MALFORMED', `token ${clause}`, { hint })
}
