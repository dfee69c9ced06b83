import type { X509Certificate } from 'node:crypto'
import type { AppManagementPolicy } from './app-management-policy.ts'
import type { AppRole } from './app-role.ts'
import type { AssignedPolicy } from './assigned-policy.ts'
import type { ClientSecret } from './client-secret.ts'
import type { RegisteredCertificate } from './registered-certificate.ts'

/** A directory of its own: an issuer, its domains, its applications. */
export interface Tenant {
  readonly id: string
  readonly displayName: string
  /** Verified domains, lower case; each names the tenant in a URL as the id does. */
  readonly domains: readonly string[]
  /** Entra: `tenant_region_scope`. */
  readonly region: string
  /** Epoch milliseconds; tokens for some Microsoft APIs carry it. */
  readonly createdAt: number
  /** What credentials Graph takes for its applications. */
  readonly policy: AppManagementPolicy
  /** In its place for the objects that they are assigned to. */
  readonly assignedPolicies: readonly AssignedPolicy[]
}

/** Claims that a resource gets only if it asks for them in its manifest, or is one of Microsoft's own. */
export type OptionalClaim =
  | 'app_displayname'
  | 'idtyp'
  | 'tenant_region_scope'
  | 'wids'
  | 'xms_cc'
  | 'xms_tcdt'

/** What an application or a service principal proves itself with. */
export interface CredentialHolder {
  readonly certificates: readonly RegisteredCertificate[]
  /** The latest, oldest first: a server that lags knows them still. */
  readonly removedCertificates?: readonly RemovedCertificate[]
  readonly secrets: readonly ClientSecret[]
}

/** A certificate that was on its holder until a while ago. */
export interface RemovedCertificate {
  readonly certificate: RegisteredCertificate
  /** Epoch milliseconds, by the emulator's clock. */
  readonly removedAt: number
}

/** Members of a Graph object that mean nothing here: kept as they came, and given back. */
export type Manifest = Readonly<Record<string, unknown>>

/** An app registration: one object, in its home tenant. */
export interface Application extends CredentialHolder {
  readonly appId: string
  readonly objectId: string
  /** Undefined for Microsoft's own applications, which live in no tenant here. */
  readonly homeTenantId: string | undefined
  readonly name: string
  readonly identifierUris: readonly string[]
  readonly accessTokenVersion: 1 | 2
  /** The app roles it declares; undefined where any is taken, as for Microsoft's own. */
  readonly appRoles: readonly AppRole[] | undefined
  readonly optionalClaims: readonly OptionalClaim[]
  readonly multiTenant: boolean
  /** Registered as public client only: it may present no credential. */
  readonly publicClient: boolean
  readonly trustedSubjects: readonly TrustedSubject[]
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** Object ids of the service principals that may change it with `Application.ReadWrite.OwnedBy`. */
  readonly owners: readonly string[]
  readonly manifest: Manifest
}

/** Subject-name/issuer trust: any certificate of this name that this authority issued. */
export interface TrustedSubject {
  readonly subjectName: string
  readonly authority: X509Certificate
}

/** What an application is in one tenant: the principal that gets tokens and roles. */
export interface ServicePrincipal extends CredentialHolder {
  readonly id: string
  readonly application: Application
  readonly enabled: boolean
  /** As a resource: only clients with an app role get tokens for it. */
  readonly assignmentRequired: boolean
  readonly blockedByConditionalAccess: boolean
  /** App roles granted to it, by the resource's app id. */
  readonly roles: Map<string, Set<string>>
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly owners: readonly string[]
  readonly manifest: Manifest
}
