import type { Certificate } from '../certificate/certificate.ts'
import { chainOf, leavesOf, withoutDuplicates } from '../certificate/chain.ts'
import { describeCertificate } from '../certificate/describe-certificate.ts'
import { noCertificate } from './missing-part.ts'
import { severalCertificates } from './several-certificates.ts'
import { type MaterialSource, readSource } from './source.ts'

/**
 * The public part alone. Private keys that stand in the same file are not opened, so a PEM needs no passphrase.
 * Of several certificates it is the one that issued none of the others.
 *
 * @throws CertificateError when there is no such certificate, or more than one.
 */
export async function loadCertificate(source: MaterialSource): Promise<Certificate> {
  const material = await readSource(source)
  const certificates = withoutDuplicates(material.certificates)
  if (certificates.length === 0) throw noCertificate(material)
  const leaves = await leavesOf(certificates)
  const [leaf] = leaves
  if (leaf === undefined || leaves.length > 1) {
    throw severalCertificates(material.name, leaf === undefined ? certificates : leaves)
  }
  return describeCertificate(leaf, await chainOf(leaf, certificates), material.name)
}
