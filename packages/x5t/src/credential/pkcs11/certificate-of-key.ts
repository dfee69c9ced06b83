import { X509Certificate } from 'node:crypto'
import type { Certificate } from '../../certificate/certificate.ts'
import { withoutDuplicates } from '../../certificate/chain.ts'
import { describeCertificate, parseCertificate } from '../../certificate/describe-certificate.ts'
import { CertificateError } from '../../errors.ts'
import type { OpenKey } from '../../signer/pkcs11/open-key.ts'
import { severalCertificates } from '../several-certificates.ts'

/** The certificate given, or the one in the token that has the id of the key; either has to belong to the key. */
export function certificateOfKey(
  { token, session, key }: OpenKey,
  given: Certificate | undefined,
): Certificate {
  const name = `token ${token.label}`
  const inToken = () => session.findCertificates({ id: key.id }).map((der) => parseCertificate(der, name))
  const candidates = given === undefined ? withoutDuplicates(inToken()) : [new X509Certificate(given.der)]
  const found = candidates.filter((x509) => isOfKey(x509, key.modulus))
  const [x509] = found
  if (candidates.length === 0) throw missing(name)
  if (x509 === undefined) throw mismatch(name)
  if (found.length > 1) throw severalCertificates(name, found)
  return given ?? describeCertificate(x509, [], name)
}

function isOfKey({ publicKey }: X509Certificate, modulus: Buffer): boolean {
  const { n = '' } = publicKey.export({ format: 'jwk' })
  const own = modulus.subarray(modulus.findIndex((byte) => byte !== 0))
  return own.equals(Buffer.from(n, 'base64url'))
}

function missing(name: string): CertificateError {
  return new CertificateError('ERR_CERT_MISSING', `${name} holds no certificate with the id of the key`, {
    hint: 'give it with the certificate option, or write it into the token with the same id',
  })
}

function mismatch(name: string): CertificateError {
  return new CertificateError(
    'ERR_CERT_KEY_MISMATCH',
    `the certificate does not belong to the key in ${name}`,
    {
      hint: 'give the certificate that was made for this key',
    },
  )
}
