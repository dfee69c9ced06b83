import { CertificateError } from '../errors.ts'
import type { Certificate } from './certificate.ts'
import { inMessage } from './describe-certificate.ts'

/**
 * Entra takes no assertion by a certificate outside its dates.
 *
 * @param now - Epoch milliseconds.
 * @throws CertificateError `ERR_CERT_EXPIRED` or `ERR_CERT_NOT_YET_VALID`.
 */
export function checkValidity({ subject, notBefore, notAfter }: Certificate, now: number): void {
  if (now > notAfter) {
    throw new CertificateError(
      'ERR_CERT_EXPIRED',
      `certificate ${inMessage(subject)} expired on ${iso(notAfter)}`,
      {
        hint: 'make a new key and certificate, and register the certificate before it is used',
      },
    )
  }
  if (now < notBefore) {
    throw new CertificateError(
      'ERR_CERT_NOT_YET_VALID',
      `certificate ${inMessage(subject)} is valid from ${iso(notBefore)}`,
      {
        hint: 'wait, or check the clock of this machine',
      },
    )
  }
}

const iso = (ms: number) => new Date(ms).toISOString()
