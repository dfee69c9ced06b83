import type { RegisteredCertificate } from '../directory/registered-certificate.ts'
import { Refusal } from '../refusal/refusal.ts'

/** How an assertion's header names its certificate. */
export interface NamedCertificate {
  readonly by: 'sha256' | 'sha1'
  readonly thumbprint: Buffer
  /** As AADSTS700027 prints it: hex. Guess: for SHA-256 the encoding is not confirmed. */
  readonly shown: string
}

/**
 * `x5t#S256`, `x5t` or `kid`, whichever comes first. Thumbprints come as base64url, padded or not, and as plain
 * base64 from Microsoft's own libraries; `kid` is the SHA-1 thumbprint in hex, or in base64url.
 */
export function namedCertificate(header: Readonly<Record<string, unknown>>): NamedCertificate {
  const { 'x5t#S256': sha256, x5t, kid } = header
  if (typeof sha256 === 'string') return named('sha256', fromBase64(sha256))
  if (typeof x5t === 'string') return named('sha1', fromBase64(x5t))
  if (typeof kid === 'string')
    return named('sha1', /^[0-9a-f]{40}$/i.test(kid) ? Buffer.from(kid, 'hex') : fromBase64(kid))
  throw new Refusal(5002723)
}

/** The service looks for the certificate, not for its key: another certificate for the same key is not found. */
export function findCertificate(
  { by, thumbprint }: NamedCertificate,
  certificates: readonly RegisteredCertificate[],
): RegisteredCertificate | undefined {
  return certificates.find((certificate) => certificate[by].equals(thumbprint))
}

function named(by: NamedCertificate['by'], thumbprint: Buffer): NamedCertificate {
  return { by, thumbprint, shown: thumbprint.toString('hex').toUpperCase() }
}

/** Node decodes both alphabets, with padding and without. */
const fromBase64 = (text: string) => Buffer.from(text, 'base64')
