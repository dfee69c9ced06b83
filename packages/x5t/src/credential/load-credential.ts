import type { KeyObject, X509Certificate } from 'node:crypto'
import { acceptedKeyBits } from '../certificate/accepted-key.ts'
import { chainOf, withoutDuplicates } from '../certificate/chain.ts'
import { describeCertificate } from '../certificate/describe-certificate.ts'
import { CertificateError } from '../errors.ts'
import { keyObjectSigner } from '../signer/key-object-signer.ts'
import type { ClientCredential } from './client-credential.ts'
import { noCertificate } from './no-certificate.ts'
import { severalCertificates } from './several-certificates.ts'
import { type MaterialSource, type ReadSource, readSource } from './source.ts'

export interface LoadedCredential extends ClientCredential {
  /** What is allowed but should be mended, one sentence each: a key file that others can read, an expired certificate. */
  readonly warnings: readonly string[]
}

/**
 * A private key and the certificate that belongs to it, from files, from text, or given as they are.
 * The certificate is found by its public key, whatever the order; the rest becomes its chain.
 *
 * @throws CertificateError with a code and a hint for whatever cannot be used.
 */
export async function loadCredential(source: MaterialSource | ClientCredential): Promise<LoadedCredential> {
  if ('signer' in source) return { certificate: source.certificate, signer: source.signer, warnings: [] }
  const material = await readSource(source)
  const certificates = withoutDuplicates(material.certificates)
  if (material.keys.length === 0) throw noKey(material)
  if (certificates.length === 0) throw noCertificate(material)
  const keys = await Promise.all(material.keys.map((open) => open()))
  const { key, leaf } = findPair(keys, certificates, material.name)
  const certificate = describeCertificate(leaf, chainOf(leaf, certificates), material.name)
  return { certificate, signer: keyObjectSigner(key), warnings: material.warnings }
}

function findPair(keys: readonly KeyObject[], certificates: readonly X509Certificate[], name: string) {
  const pairs = keys.flatMap((key) =>
    certificates.filter((leaf) => leaf.checkPrivateKey(key)).map((leaf) => ({ key, leaf })),
  )
  const leaves = withoutDuplicates(pairs.map(({ leaf }) => leaf))
  if (leaves.length > 1) throw severalCertificates(name, leaves)
  const [pair] = pairs
  if (pair !== undefined) return pair
  for (const key of keys) acceptedKeyBits(key, name)
  throw new CertificateError(
    'ERR_CERT_KEY_MISMATCH',
    `the private key in ${name} does not belong to the certificate`,
    { hint: 'key and certificate are made together; look for the pair that was' },
  )
}

function noKey({ name, certificates }: ReadSource): CertificateError {
  return certificates.length > 1
    ? new CertificateError('ERR_KEY_IS_CERTIFICATE', `${name} holds certificates where a private key belongs`)
    : new CertificateError('ERR_KEY_MISSING', `${name} holds no private key`, {
        hint: 'name the file with the key too: { path: [certificate, key] }',
      })
}
