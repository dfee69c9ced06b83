import { createHash, type KeyObject, randomUUID, X509Certificate } from 'node:crypto'
import { DefinitionError, guid, instant, optional, type Reader, record, text } from './definition.ts'

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
  /** As Graph writes it, base64 by its type. Entra: the SHA-1 thumbprint in hex unless the client gave another. */
  readonly customKeyIdentifier: string
  /** Epoch milliseconds: of the credential, which lies within the certificate's own validity. */
  readonly notBefore: number
  /** Epoch milliseconds, as `notBefore`. */
  readonly notAfter: number
  /** Epoch milliseconds, by the emulator's clock. 0 for one that a seed brought: it has always been there. */
  readonly registeredAt: number
}

/** A certificate as JSON: PEM text or base64 DER, or an object around it. */
export type SeedCertificate =
  | string
  | {
      readonly certificate: string
      /** GUID. Default: a new one. */
      readonly keyId?: string | undefined
      /** Default: the subject. */
      readonly displayName?: string | undefined
      /** Default: the SHA-1 thumbprint, upper-case hex. */
      readonly customKeyIdentifier?: string | undefined
      /** ISO 8601. Default: of the certificate, as for the end. */
      readonly startDateTime?: string | undefined
      readonly endDateTime?: string | undefined
      /** ISO 8601. Default: always. */
      readonly registeredAt?: string | undefined
    }

/** What one says of a certificate when it is registered; what is left out follows from the certificate. */
export interface Registration {
  readonly keyId?: string | undefined
  readonly displayName?: string | undefined
  readonly customKeyIdentifier?: string | undefined
  /** Epoch milliseconds. */
  readonly notBefore?: number | undefined
  /** Epoch milliseconds. */
  readonly notAfter?: number | undefined
  /** Epoch milliseconds. Default: 0. */
  readonly registeredAt?: number | undefined
}

/** A certificate as it comes in: PEM text or base64 of DER. The first one counts where a PEM text has several. */
export const certificate: Reader<X509Certificate> = (value, path) => {
  const given = text(value, path)
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(given))
    throw new DefinitionError(path, 'holds a private key; give the certificate alone')
  const read = parseCertificate(given.includes('-----BEGIN') ? given : Buffer.from(given, 'base64'))
  if (read === undefined) throw new DefinitionError(path, 'not a certificate')
  return read
}

/** @returns Undefined for what is no certificate, or one that this machine cannot use. */
export function parseCertificate(given: string | Buffer): X509Certificate | undefined {
  try {
    const x509 = new X509Certificate(given)
    // Read here so that what this machine cannot use is refused now, not at the first token request.
    if (x509.publicKey && Date.parse(x509.validFrom) <= Date.parse(x509.validTo)) return x509
  } catch {
    // OpenSSL's reason says no more than the caller's error.
  }
  return undefined
}

export function register(x509: X509Certificate, said: Registration = {}): RegisteredCertificate {
  const thumbprintSha1Hex = createHash('sha1').update(x509.raw).digest('hex').toUpperCase()
  return {
    keyId: said.keyId ?? randomUUID(),
    displayName: said.displayName ?? subjectOf(x509),
    x509,
    publicKey: x509.publicKey,
    thumbprintSha1Hex,
    thumbprintSha256: createHash('sha256').update(x509.raw).digest('base64url'),
    customKeyIdentifier: said.customKeyIdentifier ?? thumbprintSha1Hex,
    notBefore: said.notBefore ?? Date.parse(x509.validFrom),
    notAfter: said.notAfter ?? Date.parse(x509.validTo),
    registeredAt: said.registeredAt ?? 0,
  }
}

const subjectOf = (x509: X509Certificate): string => x509.subject?.replaceAll('\n', ', ') ?? ''

const readObject = record({
  certificate,
  keyId: optional(guid, undefined),
  displayName: optional(text, undefined),
  customKeyIdentifier: optional(text, undefined),
  startDateTime: optional(instant, undefined),
  endDateTime: optional(instant, undefined),
  registeredAt: optional(instant, undefined),
})

export const registeredCertificate: Reader<RegisteredCertificate> = (value, path) => {
  if (typeof value === 'string') return register(certificate(value, path))
  const { certificate: x509, startDateTime, endDateTime, ...said } = readObject(value, path)
  return register(x509, { ...said, notBefore: startDateTime, notAfter: endDateTime })
}

export function writeCertificate(certificate: RegisteredCertificate): SeedCertificate {
  const { x509, keyId, displayName, customKeyIdentifier, notBefore, notAfter, registeredAt } = certificate
  const ownIdentifier = customKeyIdentifier !== certificate.thumbprintSha1Hex
  return {
    keyId,
    ...(displayName === subjectOf(x509) ? {} : { displayName }),
    ...(ownIdentifier ? { customKeyIdentifier } : {}),
    ...(notBefore === Date.parse(x509.validFrom) ? {} : { startDateTime: new Date(notBefore).toISOString() }),
    ...(notAfter === Date.parse(x509.validTo) ? {} : { endDateTime: new Date(notAfter).toISOString() }),
    ...(registeredAt === 0 ? {} : { registeredAt: new Date(registeredAt).toISOString() }),
    certificate: x509.raw.toString('base64'),
  }
}
