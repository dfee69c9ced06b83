import { createHash, type X509Certificate } from 'node:crypto'
import { CertificateError } from '../errors.ts'

/** Lists the candidates by what a person can tell them apart: subject, last day, thumbprint as the portal shows it. */
export function severalCertificates(name: string, candidates: readonly X509Certificate[]): CertificateError {
  const lines = candidates.map((x509) => {
    const thumbprint = createHash('sha1').update(x509.raw).digest('hex').toUpperCase()
    const lastDay = new Date(x509.validTo).toISOString().slice(0, 10)
    return `${x509.subject.replaceAll('\n', ', ')}, expires ${lastDay}, ${thumbprint}`
  })
  return new CertificateError(
    'ERR_CERT_AMBIGUOUS',
    `${name} holds ${candidates.length} certificates that could be meant: ${lines.join('; ')}`,
    { hint: 'keep one of them with its key and chain in the file' },
  )
}
