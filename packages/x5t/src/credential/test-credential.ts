import { verify, X509Certificate } from 'node:crypto'
import { inMessage } from '../certificate/describe-certificate.ts'
import { CertificateError } from '../errors.ts'
import { rsaPadding } from '../signer/rsa-padding.ts'
import type { SignatureAlgorithm } from '../signer/signer.ts'
import type { ClientCredential } from './client-credential.ts'

/**
 * Signs something and verifies it with the certificate: whether the two belong together and the key works, without
 * any network but what the signer itself needs.
 *
 * @param algorithm - Default: the first that the signer can do, else `PS256`.
 * @throws CertificateError `ERR_CERT_KEY_MISMATCH` if the signature is not by the certificate's key; what the signer
 * throws if there is none.
 */
export async function testCredential(
  { certificate, signer }: ClientCredential,
  algorithm: SignatureAlgorithm = signer.algorithms?.[0] ?? 'PS256',
): Promise<void> {
  const data = Buffer.from('x5t: a test of this key')
  const signature = await signer.sign(algorithm, data)
  const { publicKey } = new X509Certificate(certificate.der)
  if (verify('sha256', data, { key: publicKey, ...rsaPadding[algorithm] }, signature)) return
  throw new CertificateError(
    'ERR_CERT_KEY_MISMATCH',
    `the ${algorithm} signature does not verify with certificate ${inMessage(certificate.subject)}`,
    { hint: 'the signer holds another key; look for the certificate that was made with it' },
  )
}
