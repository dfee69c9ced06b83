/**
 * Writes DER (X.690): each function gives the bytes of one value, tag and length included. With der.ts it takes the
 * place of an ASN.1 library, for the four structures that are made here: a certificate, an encrypted key, a PFX, and
 * the algorithms they name.
 */

/** A value by its identifier octet: 0x30 for SEQUENCE, 0xa0 for [0] constructed. */
export function encode(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const inside = Buffer.concat(content)
  return Buffer.concat([Buffer.of(tag), lengthOctets(inside.length), inside])
}

export function sequence(...items: readonly Uint8Array[]): Buffer {
  return encode(0x30, ...items)
}

/** @param items - One, or more that stand in ascending order already. */
export function setOf(...items: readonly Uint8Array[]): Buffer {
  return encode(0x31, ...items)
}

/** `[number]` around another value. */
export function explicit(number: number, value: Uint8Array): Buffer {
  return encode(0xa0 | number, value)
}

/** @param value - Non-negative: a small number, or big-endian bytes. */
export function integer(value: number | Uint8Array): Buffer {
  const bytes = typeof value === 'number' ? Buffer.from(evenHex(value), 'hex') : value
  const looksNegative = ((bytes[0] ?? 0) & 0x80) !== 0
  return looksNegative ? encode(0x02, Buffer.of(0), bytes) : encode(0x02, bytes)
}

export function octets(bytes: Uint8Array): Buffer {
  return encode(0x04, bytes)
}

/** @param unusedBits - Of the last byte. */
export function bits(bytes: Uint8Array, unusedBits = 0): Buffer {
  return encode(0x03, Buffer.of(unusedBits), bytes)
}

export function utf8(text: string): Buffer {
  return encode(0x0c, Buffer.from(text, 'utf8'))
}

export const nothing = encode(0x05)
export const yes = encode(0x01, Buffer.of(0xff))

/** An OBJECT IDENTIFIER as RFCs write it, `1.2.840.113549.1.1.1`. */
export function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return encode(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)))
}

/**
 * Seconds, as X.509 writes them: UTCTime through 2049, then GeneralizedTime (RFC 5280 section 4.1.2.5).
 *
 * @param at - Epoch milliseconds.
 */
export function time(at: number): Buffer {
  const text = new Date(at).toISOString().replace(/\.\d+Z$|[-:T]/g, '')
  const isShort = text < '2050'
  return encode(isShort ? 0x17 : 0x18, Buffer.from(`${isShort ? text.slice(2) : text}Z`, 'latin1'))
}

function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length)
  const octetsOfLength = Buffer.from(evenHex(length), 'hex')
  return Buffer.concat([Buffer.of(0x80 | octetsOfLength.length), octetsOfLength])
}

function evenHex(value: number): string {
  const hex = value.toString(16)
  return hex.length % 2 === 0 ? hex : `0${hex}`
}

/** Seven bits to a byte; all but the last have the eighth set. */
function base128(arc: number): number[] {
  const out = [arc & 0x7f]
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
    out.unshift((left & 0x7f) | 0x80)
  return out
}
