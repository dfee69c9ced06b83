import { appRole, type SeedAppRole } from './app-role.ts'
import { type SeedSecret, secret } from './client-secret.ts'
import { flag, guid, instant, json, list, oneOf, optional, record, text } from './definition.ts'
import { certificate, registeredCertificate, type SeedCertificate } from './registered-certificate.ts'

/** An application and its service principal in the same tenant, as JSON describes them. */
export interface SeedApp {
  readonly name: string
  /** Default: a new GUID, as for the two object ids. */
  readonly appId?: string | undefined
  readonly objectId?: string | undefined
  readonly servicePrincipalId?: string | undefined
  /** Names that a client may ask for, beside the app id. Default: `api://{appId}`. */
  readonly identifierUris?: readonly string[] | undefined
  /** Of the tokens it takes as an API. Default: 1, as for a manifest that says nothing. */
  readonly accessTokenVersion?: 1 | 2 | undefined
  /** Its app roles: values, such as `Cars.Read`, or objects. */
  readonly appRoles?: readonly SeedAppRole[] | undefined
  /** Claims that tokens for it carry on request. */
  readonly optionalClaims?: readonly ('idtyp' | 'xms_cc')[] | undefined
  /** PEM text or base64 DER, without private keys, or an object around it. */
  readonly certificates?: readonly SeedCertificate[] | undefined
  readonly secrets?: readonly (string | SeedSecret)[] | undefined
  /** Certificates trusted by name and issuer instead of thumbprint. */
  readonly trustedSubjects?: readonly SeedTrustedSubject[] | undefined
  /** App roles of other applications that it is granted. */
  readonly grants?: readonly RoleGrant[] | undefined
  /** The application exists but is not present in its tenant (AADSTS7000229). */
  readonly withoutServicePrincipal?: boolean | undefined
  /** As an API: clients without an app role get no token (AADSTS501051). */
  readonly assignmentRequired?: boolean | undefined
  readonly multiTenant?: boolean | undefined
  readonly publicClient?: boolean | undefined
  readonly disabled?: boolean | undefined
  readonly blockedByConditionalAccess?: boolean | undefined
  /** ISO 8601. Default: now, where it matters to a policy. */
  readonly createdDateTime?: string | undefined
  /** Object ids of service principals that may change it with `Application.ReadWrite.OwnedBy`. */
  readonly owners?: readonly string[] | undefined
  /** Members of the Graph object that mean nothing to the emulator; Graph gives them back. */
  readonly manifest?: Readonly<Record<string, unknown>> | undefined
}

/** An application to register in a running emulator. */
export interface NewApp extends SeedApp {
  /** Default: the first tenant. */
  readonly tenantId?: string | undefined
}

export interface SeedTrustedSubject {
  /** Common name or DNS name of the certificate. */
  readonly subjectName: string
  /** Certificate of the authority that issues it, as for `certificates`. */
  readonly authority: string
}

export interface RoleGrant {
  readonly resourceAppId: string
  readonly role: string
}

export const grants = optional(list(record({ resourceAppId: guid, role: text })), [])

const readers = {
  name: text,
  appId: optional(guid, undefined),
  objectId: optional(guid, undefined),
  servicePrincipalId: optional(guid, undefined),
  identifierUris: optional(list(text), undefined),
  accessTokenVersion: optional(oneOf(1, 2), 1),
  appRoles: optional(list(appRole), []),
  optionalClaims: optional(list(oneOf('idtyp', 'xms_cc')), []),
  certificates: optional(list(registeredCertificate), []),
  secrets: optional(list(secret), []),
  trustedSubjects: optional(list(record({ subjectName: text, authority: certificate })), []),
  grants,
  withoutServicePrincipal: optional(flag, false),
  assignmentRequired: optional(flag, false),
  multiTenant: optional(flag, false),
  publicClient: optional(flag, false),
  disabled: optional(flag, false),
  blockedByConditionalAccess: optional(flag, false),
  createdDateTime: optional(instant, undefined),
  owners: optional(list(guid), []),
  manifest: optional(json, {}),
}

/** A SeedApp from outside, its defaults in place. */
export const readSeedApp = record(readers)

/** A NewApp from outside, its defaults in place. */
export const readNewApp = record({ ...readers, tenantId: optional(guid, undefined) })

/** An application that was read: nothing in it can be wrong by itself. */
export type ReadApp = ReturnType<typeof readSeedApp>
