import { createHash, type KeyObject, randomUUID, X509Certificate } from 'node:crypto'

/** A certificate on an app registration (Graph: keyCredential). */
export interface RegisteredCertificate {
  readonly keyId: string
  readonly displayName: string
  readonly der: Buffer
  readonly publicKey: KeyObject
  readonly sha1: Buffer
  readonly sha256: Buffer
  /** Epoch milliseconds. */
  readonly notBefore: number
  /** Epoch milliseconds. */
  readonly notAfter: number
}

/**
 * Reads a certificate as people upload it: PEM, or DER in base64.
 *
 * @throws TypeError that says what it is instead; a file with a private key in it is refused whole.
 */
export function registerCertificate(text: string, keyId: string = randomUUID()): RegisteredCertificate {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    throw new TypeError('this holds a private key, which must never be uploaded; send the certificate alone')
  }
  const x509 = parse(text)
  const notBefore = Date.parse(x509.validFrom)
  const notAfter = Date.parse(x509.validTo)
  if (Number.isNaN(notBefore + notAfter)) throw new TypeError('not a certificate: its dates cannot be read')
  return {
    keyId,
    displayName: x509.subject.split('\n').join(', '),
    der: x509.raw,
    publicKey: publicKeyOf(x509),
    sha1: createHash('sha1').update(x509.raw).digest(),
    sha256: createHash('sha256').update(x509.raw).digest(),
    notBefore,
    notAfter,
  }
}

function parse(text: string): X509Certificate {
  try {
    return new X509Certificate(text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64'))
  } catch {
    throw new TypeError('not a certificate: expected PEM, or DER in base64')
  }
}

function publicKeyOf(x509: X509Certificate): KeyObject {
  try {
    return x509.publicKey
  } catch {
    throw new TypeError('not a certificate that can be used: its public key is of an unknown kind')
  }
}

/** Upper-case hex, 40 characters: as the portal shows it. */
export const thumbprintSha1Hex = ({ sha1 }: RegisteredCertificate) => sha1.toString('hex').toUpperCase()
