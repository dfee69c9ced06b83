import { TokenValidationError } from '../errors.ts'
import { parseStrictJson } from './strict-json.ts'

/** The JOSE header of a token, as its sender wrote it. */
export type TokenHeader = Readonly<Record<string, unknown>>

/** A JWS taken apart. Nothing in it is true because it stands there. */
export interface CompactJws {
  /** The first part as it stands, from which `header` was read. */
  readonly headerText: string
  readonly header: TokenHeader
  /** The key that `header` names, where `header` was accepted before. */
  readonly kid: string | undefined
  readonly payload: Buffer
  /** What the signature covers: the first two parts and the dot between them. */
  readonly signingInput: string
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
 * Takes a JWS in compact serialization apart (RFC 7515 section 7.1). One token has one spelling: three parts of
 * base64url without padding, whitespace or spare bits, so that a deny list of token texts cannot be walked around.
 *
 * @param accepted - Headers accepted before, by their text. Few keys sign many tokens, so a header is judged once.
 * @throws TokenValidationError `ERR_TOKEN_MALFORMED`.
 */
export function parseJws(
  token: string,
  accepted?: Pick<ReadonlyMap<string, AcceptedHeader>, 'get'>,
): CompactJws {
  if (typeof token !== 'string') throw malformed('is not a string')
  if (token.length > maxTokenChars) throw malformed(`has more than ${maxTokenChars} characters`)
  // Beyond ASCII the decoder looks at the low byte alone.
  if (Buffer.byteLength(token) !== token.length) throw malformed('has a character that is not ASCII')
  // It takes the other alphabet of base64 too.
  if (has(token, '+') || has(token, '/')) throw malformed('has a character that is not of base64url')
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  if (first === -1 || second === -1) throw malformed('has fewer than three parts')
  if (has(token, '.', second + 1)) {
    throw malformed('has more than three parts', 'a token of five parts is encrypted (JWE)')
  }
  const headerText = token.slice(0, first)
  const before = accepted?.get(headerText)
  return {
    headerText,
    header: before?.header ?? parsePart('header', decodeBase64url('header', headerText)),
    kid: before?.kid,
    payload: decodeBase64url('payload', token.slice(first + 1, second)),
    signature: decodeBase64url('signature', token.slice(second + 1)),
    signingInput: token.slice(0, second),
  }
}

/**
 * The JSON object that a part holds, frozen.
 *
 * @throws TokenValidationError `ERR_TOKEN_MALFORMED`.
 */
export function parsePart(part: 'header' | 'payload', bytes: Buffer): Readonly<Record<string, unknown>> {
  const value = parseStrictJson(bytes)
  if (typeof value === 'string') throw malformed(`has a ${part} that ${value}`)
  return value
}

/**
 * Node's decoder skips what is in no alphabet of base64. So many characters give so many bytes only if none was
 * skipped; spare bits are looked for. Encoding again and comparing says the same and takes longer; the tests do it.
 */
function decodeBase64url(part: string, text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  const rest = text.length % 4
  const isWhole = rest !== 1 && bytes.length === Math.floor((text.length * 3) / 4)
  const hasSpareBits = rest > 1 && !lastCharacters[rest]?.includes(text.at(-1) ?? '')
  if (isWhole && !hasSpareBits) return bytes
  throw malformed(`has a ${part} that is not base64url`)
}

/** Those whose spare bits are zero: four bits after one byte, two after two. */
const lastCharacters: Readonly<Record<number, string>> = { 2: 'AQgw', 3: 'AEIMQUYcgkosw048' }

/** `includes` that V8 does not leave its compiled code for: half the time on a token. */
function has(text: string, character: string, start = 0): boolean {
  return text.indexOf(character, start) !== -1
}

function malformed(clause: string, hint?: string): TokenValidationError {
  return new TokenValidationError('ERR_TOKEN_MALFORMED', `token ${clause}`, { hint })
}
