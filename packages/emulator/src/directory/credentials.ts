import type { X509Certificate } from 'node:crypto'
import type { CredentialHolder } from './application.ts'
import { type RegisteredCertificate, type Registration, register } from './registered-certificate.ts'

/** Changes to what an application or a service principal proves itself with. */
export interface CredentialChanges {
  /** A certificate that is there already stays as it is. */
  addCertificate(holder: CredentialHolder, x509: X509Certificate, said?: Registration): RegisteredCertificate
  /** False when no certificate has that key id. */
  removeCertificate(holder: CredentialHolder, keyId: string): boolean
}

export function createCredentialChanges(now: () => number): CredentialChanges {
  return {
    addCertificate(holder, x509, said) {
      const added = register(x509, { ...said, registeredAt: now() })
      const present = holder.certificates.find(
        ({ thumbprintSha256 }) => thumbprintSha256 === added.thumbprintSha256,
      )
      if (present === undefined) Object.assign(holder, { certificates: [...holder.certificates, added] })
      return present ?? added
    },
    removeCertificate(holder, keyId) {
      const left = holder.certificates.filter((one) => one.keyId !== keyId)
      const removed = left.length < holder.certificates.length
      Object.assign(holder, { certificates: left })
      return removed
    },
  }
}
