import { X509Certificate } from 'node:crypto'
import type { Application } from '../../directory/application.ts'
import { refusal } from '../../refusal/refusal.ts'
import type { Hearing } from '../hearing.ts'
import { type SignatureAlgorithm, signatureHolds } from './algorithms.ts'
import type { Jws } from './jws.ts'
import { keyRefusal } from './key-refusal.ts'

/** Longer chains are not followed. */
const longestChain = 10

/**
 * Subject-name/issuer trust: the certificates come in `x5c`, lead to an authority that the application trusts, and the
 * first one bears the trusted name. A renewed certificate needs no upload.
 *
 * Entra: there is no falling back to thumbprints; a self-signed certificate is refused with 7000213.
 */
export async function judgeSubjectName(
  hearing: Hearing,
  application: Application,
  jws: Jws,
  algorithm: SignatureAlgorithm,
): Promise<void> {
  const { appId, trustedSubjects } = application
  const chain = certificates(jws.header.x5c)
  const [leaf] = chain
  hearing.require('x5c holds certificates', leaf, refusal(7000213))
  const trusted = trustedSubjects.filter(({ authority }) => leadsTo(chain, authority, hearing.now))
  hearing.require('x5c leads to a trusted authority', trusted.length > 0, refusal(7000213))
  const names = namesOf(leaf)
  hearing.require(
    'the certificate bears a trusted name',
    trusted.some(({ subjectName }) => names.includes(subjectName.toLowerCase())),
    refusal(700030, { names: names.slice(0, 10).join(', ') }),
    { expected: trusted.map(({ subjectName }) => subjectName).join(' or '), found: names.join(' ') },
  )
  hearing.require(
    'the signature is by the certificate’s key',
    await signatureHolds(jws, leaf.publicKey, algorithm),
    keyRefusal('signature', { appId }),
  )
}

/** Entra: MSAL.NET sends one string, all others a list. None where any entry is no certificate. */
function certificates(x5c: unknown): readonly X509Certificate[] {
  const entries = [x5c].flat()
  if (entries.length > longestChain) return []
  try {
    const chain = entries.map((entry) => new X509Certificate(Buffer.from(String(entry), 'base64')))
    return chain.every(({ publicKey }) => publicKey) ? chain : []
  } catch {
    return []
  }
}

function leadsTo(chain: readonly X509Certificate[], authority: X509Certificate, now: number): boolean {
  const below = chain.filter((one) => one.fingerprint256 !== authority.fingerprint256)
  const linked = [...below, authority]
  const valid = linked.every((one) => Date.parse(one.validFrom) <= now && now <= Date.parse(one.validTo))
  return valid && below.length > 0 && below.every((one, index) => isIssuedBy(one, linked[index + 1]))
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate | undefined): boolean {
  if (issuer?.ca !== true || !certificate.checkIssued(issuer)) return false
  try {
    return certificate.verify(issuer.publicKey)
  } catch {
    return false // a key of another kind than the signature
  }
}

/** Common name and DNS names, lower case. */
function namesOf(x509: X509Certificate): readonly string[] {
  const [, commonName] = /^CN=(.*)$/m.exec(x509.subject ?? '') ?? []
  const alternative = (x509.subjectAltName ?? '').split(', ').filter((name) => name.startsWith('DNS:'))
  const names = [...(commonName ? [commonName] : []), ...alternative.map((name) => name.slice('DNS:'.length))]
  return names.map((name) => name.toLowerCase())
}
