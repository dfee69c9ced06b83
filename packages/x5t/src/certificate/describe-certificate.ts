import { type KeyObject, X509Certificate } from 'node:crypto'
import { CertificateError } from '../errors.ts'
import { acceptedKeyBits } from './accepted-key.ts'
import type { Certificate } from './certificate.ts'

/**
 * What this package needs to know of a certificate.
 *
 * @param name - What to call it in errors, `certificate app.pem`.
 * @throws CertificateError when its key is not one that Entra accepts.
 */
export function describeCertificate(
  x509: X509Certificate,
  chain: readonly X509Certificate[],
  name: string,
): Certificate {
  const sha1 = thumbprintHex(x509.fingerprint)
  const sha256 = thumbprintHex(x509.fingerprint256)
  return {
    der: x509.raw,
    pem: x509.toString(),
    subject: subjectOf(x509),
    notBefore: Date.parse(x509.validFrom),
    notAfter: Date.parse(x509.validTo),
    keyBits: acceptedKeyBits(publicKeyOf(x509, name), name),
    thumbprintSha1: Buffer.from(sha1, 'hex').toString('base64url'),
    thumbprintSha1Hex: sha1,
    thumbprintSha256: Buffer.from(sha256, 'hex').toString('base64url'),
    thumbprintSha256Hex: sha256,
    chain: chain.map((issuer) => issuer.raw),
  }
}

/** As the portal shows it: upper case, without the colons of Node's fingerprint. */
export function thumbprintHex(fingerprint: string): string {
  return fingerprint.replaceAll(':', '')
}

/** The distinguished name on one line. A certificate may have none; then it is empty, and Node says undefined. */
export function subjectOf(x509: X509Certificate): string {
  return (x509.subject ?? '').replaceAll('\n', ', ')
}

/** The same in a message, where a name of a hundred thousand characters is no help. */
export function inMessage(subject: string): string {
  return subject.length > 200 ? `${subject.slice(0, 199)}…` : subject
}

/** @throws CertificateError `ERR_CERT_INVALID` for anything that is not exactly one X.509 certificate. */
export function parseCertificate(der: Uint8Array, name: string): X509Certificate {
  try {
    const x509 = new X509Certificate(der)
    if (![x509.validFrom, x509.validTo].every(isDate)) throw new RangeError('no valid dates')
    return x509
  } catch (cause) {
    throw new CertificateError('ERR_CERT_INVALID', `${name} holds a certificate that cannot be read`, {
      cause,
      hint: 'the file is damaged or cut short; fetch it again from where it came',
    })
  }
}

/** `Date` takes a year of two digits for one of the last century. */
const isDate = (text: string) => / \d{4} GMT$/.test(text) && !Number.isNaN(Date.parse(text))

function publicKeyOf(x509: X509Certificate, name: string): KeyObject {
  try {
    return x509.publicKey
  } catch (cause) {
    throw new CertificateError('ERR_KEY_UNSUPPORTED', `${name} has a public key of an unknown kind`, {
      cause,
      hint: 'an Entra client assertion needs an RSA key; `x5t cert new --name app` makes one',
    })
  }
}
