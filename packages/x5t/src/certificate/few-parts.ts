import { CertificateError } from '../errors.ts'

/** A key, its certificate and any chain; a file with more is a trust store. */
const maxParts = 32

/**
 * Asked before the parts are read: to read thousands of certificates holds up the process for a second, and some keys
 * take ten milliseconds each.
 */
export function assertFewParts(count: number, name: string): void {
  if (count <= maxParts) return
  throw new CertificateError(
    'ERR_CERT_AMBIGUOUS',
    `${name} holds more than ${maxParts} keys and certificates`,
    {
      hint: 'it may be a trust store; keep the key, its certificate and its chain in a file of their own',
    },
  )
}
