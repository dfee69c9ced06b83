import type { KeyObject, X509Certificate } from 'node:crypto'
import { acceptedKeyBits } from '../certificate/accepted-key.ts'
import type { Certificate } from '../certificate/certificate.ts'
import { chainOf, withoutDuplicates } from '../certificate/chain.ts'
import { describeCertificate } from '../certificate/describe-certificate.ts'
import { isWholeKey } from '../certificate/whole-key.ts'
import { CertificateError } from '../errors.ts'
import { nextTurn } from '../internal/next-turn.ts'
import { keyObjectSigner } from '../signer/key-object-signer.ts'
import type { Signer } from '../signer/signer.ts'
import { noCertificate, noKey } from './missing-part.ts'
import { assertLoadOptions, type LoadOptions, outsideDates } from './outside-dates.ts'
import { severalCertificates } from './several-certificates.ts'
import { type MaterialSource, type ReadSource, readSource } from './source.ts'
import { testCredential } from './test-credential.ts'

/** A private key that this process holds, and the certificate that belongs to it. */
export interface KeyPair {
  readonly certificate: Certificate
  readonly privateKey: KeyObject
  readonly signer: Signer
  /** What is allowed but should be mended, one sentence each: a key file that others can read, an expired certificate. */
  readonly warnings: readonly string[]
}

/**
 * Finds the certificate by its public key, whatever the order; the certificates that issued it become its chain.
 *
 * @throws CertificateError with a code and a hint for whatever cannot be used.
 */
export async function loadKeyPair(source: MaterialSource & LoadOptions): Promise<KeyPair> {
  assertLoadOptions(source)
  return pairIn(await readSource(source), source)
}

/** As `loadKeyPair`, of what has been read. */
export async function pairIn(material: ReadSource, options: LoadOptions): Promise<KeyPair> {
  const { name, warnings } = material
  const certificates = withoutDuplicates(material.certificates)
  if (material.keys.length === 0) throw noKey(material)
  if (certificates.length === 0) throw noCertificate(material)

  const keys: KeyObject[] = []
  for (const open of material.keys) {
    if (keys.length > 0) await nextTurn()
    keys.push(await open())
  }
  const { privateKey, leaf } = findPair(keys, certificates, name)
  const certificate = describeCertificate(leaf, await chainOf(leaf, certificates), name)
  const signer = keyObjectSigner(privateKey)
  if (!isWholeKey(privateKey)) {
    await testCredential({ certificate, signer }).catch((cause) => {
      throw damagedKey(name, cause)
    })
  }
  return { certificate, privateKey, signer, warnings: [...warnings, ...outsideDates(certificate, options)] }
}

function findPair(keys: readonly KeyObject[], certificates: readonly X509Certificate[], name: string) {
  const pairs = keys.flatMap((privateKey) =>
    certificates.filter((leaf) => leaf.checkPrivateKey(privateKey)).map((leaf) => ({ privateKey, leaf })),
  )
  const leaves = withoutDuplicates(pairs.map(({ leaf }) => leaf))
  if (leaves.length > 1) throw severalCertificates(name, leaves)
  const [pair] = pairs
  if (pair !== undefined) return pair
  for (const key of keys) acceptedKeyBits(key, name)
  // An RSA key and a certificate marked RSA-PSS are strangers, whatever the numbers in them.
  const [alone, ...others] = certificates
  if (alone !== undefined && others.length === 0) describeCertificate(alone, [], name)
  throw new CertificateError(
    'ERR_CERT_KEY_MISMATCH',
    `the private key in ${name} does not belong to the certificate`,
    { hint: 'key and certificate are made together; look for the pair that was' },
  )
}

/** The public half of a damaged key can be whole, and so belong to the certificate. */
function damagedKey(name: string, cause: unknown): CertificateError {
  return new CertificateError('ERR_KEY_INVALID', `the private key in ${name} does not sign`, {
    cause,
    hint: 'the file is damaged; `openssl pkey -in <file> -check` says more',
  })
}
