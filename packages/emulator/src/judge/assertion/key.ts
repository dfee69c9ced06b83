import type { RegisteredCertificate } from '../../directory/registered-certificate.ts'
import type { Client, Hearing } from '../hearing.ts'
import { type SignatureAlgorithm, signatureHolds } from './algorithms.ts'
import type { Jws } from './jws.ts'
import { keyRefusal, validity } from './key-refusal.ts'
import { matches, type Thumbprints } from './thumbprints.ts'

/** The certificate that the header names is registered, valid now, and its key made the signature. */
export async function judgeKey(
  hearing: Hearing,
  { application, principal }: Client,
  jws: Jws,
  algorithm: SignatureAlgorithm,
  thumbprints: Thumbprints,
): Promise<RegisteredCertificate> {
  const { now } = hearing
  const { appId } = application
  // Entra: what Graph adds to a service principal counts in its tenant as what stands on the application.
  const certificates = hearing.certificatesOf([application, principal])
  const { sha1Hex } = thumbprints
  const bySha256 = sha1Hex === undefined && thumbprints.sha256 !== undefined
  const found = certificates.find((one) => matches(one, thumbprints))
  hearing.require('the certificate is registered', found, keyRefusal('not found', { appId, sha1Hex }), {
    // In the spelling of what came, so that the two can be compared.
    expected: () =>
      certificates
        .map(({ thumbprintSha1Hex, thumbprintSha256 }) => (bySha256 ? thumbprintSha256 : thumbprintSha1Hex))
        .join(' or '),
    found: sha1Hex ?? thumbprints.sha256 ?? thumbprints.kid,
  })
  hearing.require(
    'the certificate is valid now',
    found.notBefore <= now && now <= found.notAfter,
    keyRefusal('expired', { appId, sha1Hex, found }),
    { expected: () => validity(found), found: () => new Date(now).toISOString() },
  )
  const usable = found.publicKey.asymmetricKeyType === 'rsa'
  hearing.require(
    'the signature is by the certificate’s key',
    await signatureHolds(jws, found.publicKey, algorithm),
    keyRefusal(usable ? 'signature' : 'unusable', { appId, sha1Hex, found }),
  )
  return found
}
