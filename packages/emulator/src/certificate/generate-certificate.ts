import { generateKeyPair, X509Certificate } from 'node:crypto'
import { promisify } from 'node:util'
import { issueCertificate } from './issue-certificate.ts'

/** A key pair of RSA 2048 and a self-signed certificate for it. */
export interface GeneratedCertificate {
  /** PEM. */
  readonly certificate: string
  readonly x509: X509Certificate
  /** PKCS#8 PEM, not encrypted. Nobody keeps it but who asked. */
  readonly privateKey: string
}

const yearMs = 365 * 86_400_000

/** RFC 5280 section 4.1.2.5: the last instant that a certificate can name. */
const lastInstant = Date.parse('9999-12-31T23:59:59Z')

/** @param now - Epoch milliseconds; it is valid from then on, for a year. */
export async function generateCertificate(appName: string, now: number): Promise<GeneratedCertificate> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  // RFC 5280 section 4.1.2.5 knows whole seconds, and appendix A.1 names of 64 characters.
  const from = Math.floor(now / 1000) * 1000
  const commonName = appName.slice(0, 64)
  const issuer = { commonName, privateKey }
  const der = await issueCertificate({
    commonName,
    publicKey,
    issuer,
    notBefore: from,
    notAfter: Math.min(from + yearMs, lastInstant),
  })
  const x509 = new X509Certificate(der)
  return {
    certificate: x509.toString(),
    x509,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
