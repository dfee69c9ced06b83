import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto'
import { promisify } from 'node:util'
import {
  bits,
  encode,
  explicit,
  identifier,
  integer,
  nothing,
  octets,
  sequence,
  setOf,
  time,
  utf8,
  yes,
} from './write-der.ts'

/** Clocks differ; a certificate that starts now is not yet valid on a server that is behind. */
const backdatedMs = 5 * 60_000
const dayMs = 86_400_000

/** The part of a distinguished name that an app registration shows. */
export interface SubjectName {
  readonly commonName: string
  readonly organization?: string | undefined
}

/**
 * A self-signed certificate for client authentication, DER: RFC 5280 version 3, SHA-256 with RSA, a random serial
 * number of 128 bits, no authority over other certificates.
 */
export async function selfSign(options: {
  subject: SubjectName
  publicKey: KeyObject
  privateKey: KeyObject
  days: number
  /** Epoch milliseconds. */
  now: number
}): Promise<Buffer> {
  const { subject, publicKey, privateKey, days, now } = options
  const sha256WithRsa = sequence(identifier('1.2.840.113549.1.1.11'), nothing)
  const name = nameOf(subject)
  const toBeSigned = sequence(
    explicit(0, integer(2)), // version 3
    integer(serialNumber()),
    sha256WithRsa,
    name,
    sequence(time(now - backdatedMs), time(now + days * dayMs)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensionsOf(publicKey))),
  )
  const signature = await promisify(sign)('sha256', toBeSigned, privateKey)
  return sequence(toBeSigned, sha256WithRsa, bits(signature))
}

/** The organization before the common name, from the general to the special. */
function nameOf({ commonName, organization }: SubjectName): Buffer {
  const attribute = (id: string, value: string) => setOf(sequence(identifier(id), utf8(value)))
  return sequence(
    ...(organization === undefined ? [] : [attribute('2.5.4.10', organization)]),
    attribute('2.5.4.3', commonName),
  )
}

/** RFC 5280 section 4.2.1. The key identifier is the SHA-1 of the public key, its method 1. */
function extensionsOf(publicKey: KeyObject): Buffer[] {
  const keyIdentifier = createHash('sha1')
    .update(publicKey.export({ type: 'pkcs1', format: 'der' }))
    .digest()
  const critical = (id: string, value: Buffer) => sequence(identifier(id), yes, octets(value))
  const plain = (id: string, value: Buffer) => sequence(identifier(id), octets(value))
  return [
    critical('2.5.29.19', sequence()), // basicConstraints: not a CA
    critical('2.5.29.15', bits(Buffer.of(0x80), 7)), // keyUsage: digitalSignature
    plain('2.5.29.37', sequence(identifier('1.3.6.1.5.5.7.3.2'))), // extKeyUsage: clientAuth
    plain('2.5.29.14', octets(keyIdentifier)),
    plain('2.5.29.35', sequence(encode(0x80, keyIdentifier))),
  ]
}

/** Positive, and of the same length each time. */
function serialNumber(): Buffer {
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  return serial
}
