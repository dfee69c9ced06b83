import type { X509Certificate } from 'node:crypto'

/** The certificates that certify `leaf`, nearest issuer first, as far as they came along; the rest is left out. */
export function chainOf(leaf: X509Certificate, candidates: readonly X509Certificate[]): X509Certificate[] {
  const chain: X509Certificate[] = []
  let rest = candidates.filter((candidate) => !sameCertificate(candidate, leaf))
  for (let issuer = issuerOf(leaf, rest); issuer !== undefined; issuer = issuerOf(issuer, rest)) {
    chain.push(issuer)
    rest = rest.filter((candidate) => candidate !== issuer)
  }
  return chain
}

/** Certificates that issued none of the others: the leaves. */
export function leavesOf(certificates: readonly X509Certificate[]): X509Certificate[] {
  return certificates.filter((candidate) => !certificates.some((other) => issued(candidate, other)))
}

export function withoutDuplicates(certificates: readonly X509Certificate[]): X509Certificate[] {
  return [...new Map(certificates.map((x509) => [x509.fingerprint256, x509])).values()]
}

function issuerOf(certificate: X509Certificate, candidates: readonly X509Certificate[]) {
  return candidates.find((candidate) => issued(candidate, certificate))
}

/** `checkIssued` compares names and key identifiers only; the signature settles it between namesakes. */
function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  if (sameCertificate(issuer, certificate) || !certificate.checkIssued(issuer)) return false
  try {
    return certificate.verify(issuer.publicKey)
  } catch {
    return false // a public key that Node does not know issued nothing we could check
  }
}

function sameCertificate(a: X509Certificate, b: X509Certificate): boolean {
  return a.fingerprint256 === b.fingerprint256
}
