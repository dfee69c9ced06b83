import { createHash, type KeyObject, randomUUID, X509Certificate } from 'node:crypto'
import { DefinitionError, type Reader, text } from './definition.ts'

/** A certificate on an application: Graph calls it a key credential. */
export interface RegisteredCertificate {
  readonly keyId: string
  /** One line, as the portal shows it: `CN=demo-daemon`. */
  readonly displayName: string
  readonly x509: X509Certificate
  readonly publicKey: KeyObject
  /** Upper case, 40 digits, as the portal shows it. */
  readonly thumbprintSha1Hex: string
  /** base64url, as in `x5t#S256`. */
  readonly thumbprintSha256: string
  /** Epoch milliseconds. */
  readonly notBefore: number
  /** Epoch milliseconds. */
  readonly notAfter: number
}

/** A certificate as it comes in: PEM text or base64 of DER. The first one counts where a PEM text has several. */
export const certificate: Reader<X509Certificate> = (value, path) => {
  const given = text(value, path)
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(given))
    throw new DefinitionError(path, 'holds a private key; give the certificate alone')
  try {
    const x509 = new X509Certificate(given.includes('-----BEGIN') ? given : Buffer.from(given, 'base64'))
    // Read here so that what this machine cannot use is refused now, not at the first token request.
    if (x509.publicKey && Date.parse(x509.validFrom) <= Date.parse(x509.validTo)) return x509
  } catch {
    // OpenSSL's reason says no more than the error below.
  }
  throw new DefinitionError(path, 'not a certificate')
}

export function register(x509: X509Certificate): RegisteredCertificate {
  return {
    keyId: randomUUID(),
    displayName: x509.subject?.replaceAll('\n', ', ') ?? '',
    x509,
    publicKey: x509.publicKey,
    thumbprintSha1Hex: createHash('sha1').update(x509.raw).digest('hex').toUpperCase(),
    thumbprintSha256: createHash('sha256').update(x509.raw).digest('base64url'),
    notBefore: Date.parse(x509.validFrom),
    notAfter: Date.parse(x509.validTo),
  }
}
