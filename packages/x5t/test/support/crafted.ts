import { toPem } from '../../src/certificate/pem.ts'
import {
  bits,
  encode,
  explicit,
  identifier,
  integer,
  sequence,
  setOf,
  utf8,
} from '../../src/certificate/write-der.ts'

/** A number as bytes, big-endian. */
export const bytesOf = (number: bigint) => {
  const hex = number.toString(16)
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
}

export interface RsaNumbers {
  readonly n: bigint
  readonly e: bigint
}

/** Private key and certificate of numbers that no tool would write; nothing is computed, the signature is none. */
export function craftedPair(
  { n, e }: RsaNumbers,
  rest: readonly bigint[] = [3n, 3n, 3n, 3n, 3n, 3n],
  options: { readonly algorithm?: string; readonly notBefore?: string; readonly notAfter?: string } = {},
): string {
  const {
    algorithm = '1.2.840.113549.1.1.1',
    notBefore = '20200101000000Z',
    notAfter = '20990101000000Z',
  } = options
  const numbers = [n, e, ...rest].map((number) => integer(bytesOf(number)))
  const publicKey = sequence(
    sequence(identifier(algorithm)),
    bits(sequence(integer(bytesOf(n)), integer(bytesOf(e)))),
  )
  const time = (text: string) => encode(0x18, Buffer.from(text))
  const name = sequence(setOf(sequence(identifier('2.5.4.3'), utf8('crafted'))))
  const signature = sequence(identifier('1.2.840.113549.1.1.11'))
  const validity = sequence(time(notBefore), time(notAfter))
  const version3 = explicit(0, integer(2))
  const toBeSigned = sequence(version3, integer(1), signature, name, validity, name, publicKey)
  const certificate = sequence(toBeSigned, signature, bits(Buffer.alloc(256)))
  return toPem('RSA PRIVATE KEY', sequence(integer(0), ...numbers)) + toPem('CERTIFICATE', certificate)
}
