import type { X509Certificate } from 'node:crypto'
import { inMessage, subjectOf, thumbprintHex } from '../certificate/describe-certificate.ts'
import { CertificateError } from '../errors.ts'

/** Lists the candidates by what people can tell them apart: subject, last day, thumbprint as the portal shows it. */
export function severalCertificates(name: string, candidates: readonly X509Certificate[]): CertificateError {
  const listed = candidates.slice(0, 8).map((x509) => {
    const lastDay = new Date(x509.validTo).toISOString().slice(0, 10)
    return `${inMessage(subjectOf(x509))}, expires ${lastDay}, ${thumbprintHex(x509.fingerprint)}`
  })
  if (candidates.length > listed.length) listed.push('…')
  return new CertificateError(
    'ERR_CERT_AMBIGUOUS',
    `${candidates.length} certificates in ${name} could be meant: ${listed.join('; ')}`,
    { hint: 'keep one of them in the file, with its key and its chain' },
  )
}
