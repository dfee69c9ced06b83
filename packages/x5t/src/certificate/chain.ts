import type { X509Certificate } from 'node:crypto'
import { nextTurn } from '../internal/next-turn.ts'

/** The certificates that certify `leaf`, nearest issuer first, as far as they came along; the rest is left out. */
export async function chainOf(
  leaf: X509Certificate,
  candidates: readonly X509Certificate[],
): Promise<X509Certificate[]> {
  const chain: X509Certificate[] = []
  let rest = candidates.filter((candidate) => !sameCertificate(candidate, leaf))
  for (let last = leaf; rest.length > 0 && !isSelfSigned(last); ) {
    const issuer = await firstOf(rest, (candidate) => issued(candidate, last))
    if (issuer === undefined) break
    chain.push(issuer)
    rest = rest.filter((candidate) => candidate !== issuer)
    last = issuer
  }
  return chain
}

/** Certificates that issued none of the others: the leaves. */
export async function leavesOf(certificates: readonly X509Certificate[]): Promise<X509Certificate[]> {
  const leaves: X509Certificate[] = []
  for (const candidate of certificates) {
    const other = await firstOf(certificates, (certificate) => issued(candidate, certificate))
    if (other === undefined) leaves.push(candidate)
  }
  return leaves
}

export function withoutDuplicates(certificates: readonly X509Certificate[]): X509Certificate[] {
  return [...new Map(certificates.map((x509) => [x509.fingerprint256, x509])).values()]
}

async function firstOf(
  certificates: readonly X509Certificate[],
  isIt: (certificate: X509Certificate) => Promise<boolean>,
): Promise<X509Certificate | undefined> {
  for (const certificate of certificates) if (await isIt(certificate)) return certificate
  return undefined
}

/**
 * `checkIssued` compares names and key identifiers only; the signature settles it between namesakes. That takes up to
 * ten milliseconds, with a key made for it.
 */
async function issued(issuer: X509Certificate, certificate: X509Certificate): Promise<boolean> {
  if (sameCertificate(issuer, certificate) || !certificate.checkIssued(issuer)) return false
  await nextTurn()
  return isSignedBy(certificate, issuer)
}

/** The end of a chain, also where another root has signed for the same name and key. */
function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && isSignedBy(certificate, certificate)
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey)
  } catch {
    return false // a public key that Node does not know issued nothing we could check
  }
}

function sameCertificate(a: X509Certificate, b: X509Certificate): boolean {
  return a.fingerprint256 === b.fingerprint256
}
