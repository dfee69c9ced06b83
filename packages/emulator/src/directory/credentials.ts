import type { X509Certificate } from 'node:crypto'
import type { Application, CredentialHolder, RemovedCertificate, ServicePrincipal } from './application.ts'
import type { Records } from './records.ts'
import { type RegisteredCertificate, type Registration, register } from './registered-certificate.ts'
import { weigh } from './weights.ts'

type Holder = Application | ServicePrincipal

/** Changes to what an application or a service principal proves itself with. */
export interface CredentialChanges {
  /** A certificate that is there already stays as it is. */
  addCertificate(holder: Holder, x509: X509Certificate, said?: Registration): RegisteredCertificate
  /** False when no certificate has that key id. */
  removeCertificate(holder: Holder, keyId: string): boolean
}

export function createCredentialChanges(records: Records, now: () => number): CredentialChanges {
  return {
    addCertificate(holder, x509, said) {
      const added = register(x509, { ...said, registeredAt: now() })
      const present = holder.certificates.find(
        ({ thumbprintSha256 }) => thumbprintSha256 === added.thumbprintSha256,
      )
      if (present !== undefined) return present
      const certificates = [...holder.certificates, added]
      weigh(records, holder, { certificates })
      Object.assign(holder, { certificates })
      return added
    },
    removeCertificate(holder, keyId) {
      const left = holder.certificates.filter((one) => one.keyId !== keyId)
      const removed = left.length < holder.certificates.length
      weigh(records, holder, { certificates: left })
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
