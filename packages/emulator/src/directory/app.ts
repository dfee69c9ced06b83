import type { RegisteredCertificate } from './registered-certificate.ts'

export interface Tenant {
  readonly id: string
  /** Verified domain names, lower case. */
  readonly domains: readonly string[]
}

/** An app registration and its service principal in one tenant. */
export interface App {
  readonly tenantId: string
  readonly appId: string
  readonly objectId: string
  /** Absent for an app without a presence in the tenant (AADSTS7000229). */
  readonly servicePrincipalId: string | undefined
  readonly name: string
  readonly identifierUris: readonly string[]
  /** Version of the tokens issued for it as a resource (`requestedAccessTokenVersion`). */
  readonly accessTokenVersion: 1 | 2
  readonly appRoles: readonly string[]
  readonly certificates: RegisteredCertificate[]
  readonly secrets: readonly ClientSecret[]
  /** App roles granted to it on resources. */
  readonly grants: RoleGrant[]
  readonly assignmentRequired: boolean
  readonly publicClient: boolean
  readonly disabled: boolean
  readonly blockedByConditionalAccess: boolean
}

export interface ClientSecret {
  readonly value: string
  /** Epoch milliseconds. */
  readonly notAfter: number
}

export interface RoleGrant {
  readonly resourceAppId: string
  readonly role: string
}

/** An app as callers name it; the tenant only matters where several have the app. */
export interface AppName {
  readonly appId: string
  readonly tenantId?: string | undefined
}

export interface NewGrant extends RoleGrant {
  readonly clientAppId: string
  readonly tenantId?: string | undefined
}

export interface NewApp {
  readonly name: string
  readonly appId?: string | undefined
  /** Default: the first tenant. */
  readonly tenantId?: string | undefined
  /** Default: `api://{appId}`. */
  readonly identifierUris?: readonly string[] | undefined
  /** Default: 1, as a new registration has it. */
  readonly accessTokenVersion?: 1 | 2 | undefined
  readonly appRoles?: readonly string[] | undefined
  /** PEM, or DER in base64. */
  readonly certificates?: readonly string[] | undefined
  readonly secrets?: readonly (string | ClientSecret)[] | undefined
  readonly assignmentRequired?: boolean | undefined
  readonly publicClient?: boolean | undefined
  readonly disabled?: boolean | undefined
  readonly withoutServicePrincipal?: boolean | undefined
  readonly blockedByConditionalAccess?: boolean | undefined
}
