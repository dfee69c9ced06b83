import type { X509Certificate } from 'node:crypto'
import type { CredentialHolder, RemovedCertificate } from './application.ts'
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
      Object.assign(holder, withRemovals(holder, { certificates: left }, now()))
      return removed
    },
  }
}

/** Of each holder; older ones are forgotten. */
const mostRemoved = 20

/** Settings with which a holder's certificates change, and what it remembers of those that it loses. */
export function withRemovals<
  T extends { readonly certificates?: CredentialHolder['certificates'] | undefined },
>(
  { certificates, removedCertificates = [] }: CredentialHolder,
  settings: T,
  removedAt: number,
): T & { readonly removedCertificates?: readonly RemovedCertificate[] } {
  const { certificates: left } = settings
  if (left === undefined) return settings
  const removed = certificates
    .filter(({ keyId }) => !left.some((one) => one.keyId === keyId))
    .map((certificate) => ({ certificate, removedAt }))
  return { ...settings, removedCertificates: [...removedCertificates, ...removed].slice(-mostRemoved) }
}
