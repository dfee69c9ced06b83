import type { X509Certificate } from 'node:crypto'
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
}

/** Claims that a resource gets only if it asks for them in its manifest, or is one of Microsoft's own. */
export type OptionalClaim =
  | 'app_displayname'
  | 'idtyp'
  | 'tenant_region_scope'
  | 'wids'
  | 'xms_cc'
  | 'xms_tcdt'

/** An app registration: one object, in its home tenant. */
export interface Application {
  readonly appId: string
  readonly objectId: string
  /** Undefined for Microsoft's own applications, which live in no tenant here. */
  readonly homeTenantId: string | undefined
  readonly name: string
  readonly identifierUris: readonly string[]
  readonly accessTokenVersion: 1 | 2
  /** Values of the app roles it declares; undefined where any is taken, as for Microsoft's own. */
  readonly appRoles: readonly string[] | undefined
  readonly optionalClaims: readonly OptionalClaim[]
  readonly multiTenant: boolean
  /** Registered as public client only: it may present no credential. */
  readonly publicClient: boolean
  readonly certificates: RegisteredCertificate[]
  readonly secrets: readonly ClientSecret[]
  readonly trustedSubjects: readonly TrustedSubject[]
}

/** A client secret, kept as its digest only. */
export interface ClientSecret {
  readonly sha256: string
  /** Epoch milliseconds; undefined: never. */
  readonly expiresAt: number | undefined
}

/** Subject-name/issuer trust: any certificate of this name that this authority issued. */
export interface TrustedSubject {
  readonly subjectName: string
  readonly authority: X509Certificate
}

/** What an application is in one tenant: the principal that gets tokens and roles. */
export interface ServicePrincipal {
  readonly id: string
  readonly application: Application
  readonly enabled: boolean
  /** As a resource: only clients with an app role get tokens for it. */
  readonly assignmentRequired: boolean
  readonly blockedByConditionalAccess: boolean
  /** App roles granted to it, by the resource's app id. */
  readonly roles: Map<string, Set<string>>
}
