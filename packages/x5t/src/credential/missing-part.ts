import { CertificateError } from '../errors.ts'
import type { ReadSource } from './source.ts'

/** There is no private key; says what there is in its place. */
export function noKey({ name, certificates, others, parts }: ReadSource): CertificateError {
  if (others.some(isPublicKey)) {
    return new CertificateError('ERR_KEY_MISSING', `no private key in ${name}, only a public key`, {
      hint: 'find the file that was made together with it; a private key cannot be computed from a public one',
    })
  }
  if (parts > 1 && certificates.length > 1) {
    return new CertificateError(
      'ERR_KEY_IS_CERTIFICATE',
      `certificates in ${name}, where one should hold the private key`,
      { hint: 'the file with the key begins with BEGIN PRIVATE KEY, or is a PFX' },
    )
  }
  return new CertificateError('ERR_KEY_MISSING', `no private key in ${name}${besides(others)}`, {
    hint: 'name the file that holds the key as well',
  })
}

/** There is no certificate; says what there is in its place. */
export function noCertificate({ name, others }: ReadSource): CertificateError {
  if (others.some(isPublicKey)) {
    return new CertificateError(
      'ERR_CERT_IS_PUBLIC_KEY',
      `a public key in ${name}, where the certificate belongs`,
      { hint: 'find the file with BEGIN CERTIFICATE; Entra knows no bare public keys' },
    )
  }
  return new CertificateError('ERR_CERT_MISSING', `no certificate in ${name}${besides(others)}`, {
    hint: others.includes('PKCS7')
      ? 'take the certificates out of it: openssl pkcs7 -print_certs -in <file>'
      : 'name the file that holds the certificate',
  })
}

const isPublicKey = (label: string) => label.endsWith('PUBLIC KEY')

function besides(others: readonly string[]): string {
  return others.length === 0 ? '' : `, only ${others.join(', ')}`.slice(0, 80)
}
