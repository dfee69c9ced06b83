import { CertificateError } from '../errors.ts'
import type { ReadSource } from './source.ts'

export function noCertificate({ name, others }: ReadSource): CertificateError {
  if (others.some((label) => label.endsWith('PUBLIC KEY'))) {
    return new CertificateError(
      'ERR_CERT_IS_PUBLIC_KEY',
      `${name} holds a public key where a certificate belongs`,
      {
        hint: 'Entra knows certificates, not bare public keys; find the file that begins with BEGIN CERTIFICATE',
      },
    )
  }
  return new CertificateError('ERR_CERT_MISSING', `${name} holds no certificate`, {
    hint: 'name the file with the certificate too: { path: [certificate, key] }',
  })
}
