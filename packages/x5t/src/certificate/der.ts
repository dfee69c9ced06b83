/**
 * Reads BER and DER (X.690), one level at a time and only as deep as asked. It is here, and not in a library, because
 * every encrypted key and every PFX passes through it when a process starts; docs/architecture.md has the numbers.
 *
 * Every function throws `SyntaxError` for what is not as it should be; callers say which file it was.
 */
export interface DerValue {
  /** The identifier octet: 0x30 for SEQUENCE, 0xa0 for [0] constructed. */
  readonly tag: number
  /** The content octets, without the end-of-contents of an indefinite length. */
  readonly content: Buffer
}

/** A single value that fills the bytes exactly. */
export function readDer(bytes: Uint8Array): DerValue {
  const [value, ...more] = readAll(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  if (value === undefined || more.length > 0) throw new SyntaxError('not exactly one value')
  return value
}

/** True if the bytes are one whole SEQUENCE, whatever is in it. */
export function isSequence(bytes: Uint8Array): boolean {
  try {
    return readDer(bytes).tag === 0x30
  } catch {
    return false
  }
}

/**
 * Without the white space or zeros that editors and copies of whole blocks leave behind a SEQUENCE; bytes that are
 * anything else come back as they are.
 */
export function withoutPadding(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x30) return bytes
  try {
    const { end } = readAt(bytes, 0, 0)
    return bytes.subarray(end).every((octet) => padding.has(octet)) ? bytes.subarray(0, end) : bytes
  } catch {
    return bytes
  }
}

const padding = new Set(Buffer.from('\0\t\n\r '))

/** The items of a SEQUENCE, or of another constructed value when its tag is given. */
export function itemsOf(value: DerValue | undefined, tag = 0x30): DerValue[] {
  return readAll(contentOf(value, tag))
}

/** The one value inside an explicit tag `[0]`. */
export function explicitOf(value: DerValue | undefined): DerValue {
  return readDer(encodedIn(value))
}

/** The same value as bytes, tag and length included. */
export function encodedIn(value: DerValue | undefined): Buffer {
  return contentOf(value, 0xa0)
}

/** A non-negative INTEGER up to 2^47: versions, rounds, sizes. */
export function integerOf(value: DerValue | undefined): number {
  const content = contentOf(value, 0x02)
  if (content.length === 0 || content.length > 6 || content.readInt8() < 0) {
    throw new SyntaxError('not a small non-negative number')
  }
  return content.readUIntBE(0, content.length)
}

/** An OCTET STRING; BER may cut it into pieces. A context tag stands for it when it is tagged implicitly. */
export function octetsOf(value: DerValue | undefined, tag = 0x04): Buffer {
  if (value?.tag !== (tag | constructed)) return contentOf(value, tag)
  return Buffer.concat(readAll(value.content).map((piece) => contentOf(piece, 0x04)))
}

/** An OBJECT IDENTIFIER as RFCs write it, `1.2.840.113549.1.1.1`. */
export function identifierOf(value: DerValue | undefined): string {
  const content = contentOf(value, 0x06)
  if (content.length > maxIdentifierOctets) throw new SyntaxError('an identifier longer than any')
  const arcs: number[] = []
  let arc = 0
  for (const octet of content) {
    arc = arc * 128 + (octet & 0x7f)
    if (octet < 0x80) {
      arcs.push(arc)
      arc = 0
    }
  }
  const [first = 0, ...rest] = arcs
  const root = Math.min(Math.floor(first / 40), 2)
  return [root, first - root * 40, ...rest].join('.')
}

/** Those that algorithms have are of a dozen. */
const maxIdentifierOctets = 64

const constructed = 0x20

/** Honest files nest values of indefinite length fewer than ten deep. */
const maxIndefiniteDepth = 16

/** In one value. A streaming writer cuts the largest PFX into a thousand pieces; empty values would be half a million. */
const maxItems = 10_000

function contentOf(value: DerValue | undefined, tag: number): Buffer {
  if (value?.tag !== tag) throw new SyntaxError(`expected tag ${tag}, found ${value?.tag ?? 'nothing'}`)
  return value.content
}

function readAll(bytes: Buffer): DerValue[] {
  const values: DerValue[] = []
  for (let offset = 0; offset < bytes.length; ) {
    const { value, end } = readAt(bytes, offset, 0)
    if (values.push(value) > maxItems) throw new SyntaxError('too many items')
    offset = end
  }
  return values
}

function readAt(bytes: Buffer, offset: number, depth: number): { value: DerValue; end: number } {
  const tag = octetAt(bytes, offset)
  if ((tag & 0x1f) === 0x1f) throw new SyntaxError('a tag number over 30')
  const first = octetAt(bytes, offset + 1)
  if (first === 0x80) return readIndefinite(bytes, offset, depth)
  const lengthOctets = first > 0x80 ? first & 0x7f : 0
  if (lengthOctets > 4) throw new SyntaxError('a length over 4 octets')
  const start = offset + 2 + lengthOctets
  if (start > bytes.length) throw new SyntaxError('cut short')
  const length = lengthOctets === 0 ? first : bytes.readUIntBE(offset + 2, lengthOctets)
  const end = start + length
  if (end > bytes.length) throw new SyntaxError('cut short')
  return { value: { tag, content: bytes.subarray(start, end) }, end }
}

/** X.690 section 8.1.3.6: values follow until two zero octets. */
function readIndefinite(bytes: Buffer, offset: number, depth: number): { value: DerValue; end: number } {
  const tag = octetAt(bytes, offset)
  if ((tag & constructed) === 0 || depth === maxIndefiniteDepth) {
    throw new SyntaxError('an indefinite length that cannot be')
  }
  let end = offset + 2
  for (let items = 0; octetAt(bytes, end) !== 0 || octetAt(bytes, end + 1) !== 0; items++) {
    if (items === maxItems) throw new SyntaxError('too many items')
    end = readAt(bytes, end, depth + 1).end
  }
  return { value: { tag, content: bytes.subarray(offset + 2, end) }, end: end + 2 }
}

function octetAt(bytes: Buffer, offset: number): number {
  const octet = bytes[offset]
  if (octet === undefined) throw new SyntaxError('cut short')
  return octet
}
