import type { Application, CredentialHolder, ServicePrincipal, Tenant } from '../directory/application.ts'
import type { Directory } from '../directory/directory.ts'
import type { RegisteredCertificate } from '../directory/registered-certificate.ts'
import type { Form } from '../http/form.ts'
import type { Examination } from './examination.ts'

/** A request to a token endpoint, as it came. */
export interface TokenRequest {
  /** v1 names its audience by `resource`, v2 by `scope`. */
  readonly endpoint: 'v1' | 'v2'
  readonly method: string
  /** The tenant segment of the path: an id, a domain, or anything at all. */
  readonly tenant: string
  /** False for a body of another type than `application/x-www-form-urlencoded`. */
  readonly isForm: boolean
  readonly form: Form
  /** Headers, where sent. */
  readonly authorization: string | undefined
  readonly origin: string | undefined
}

/** What every step of the judgement has at hand, and where it asks its questions. */
export interface Hearing extends Examination {
  readonly request: TokenRequest
  readonly directory: Directory
  /** Those that the server which judges knows; with armed weather not always those that are registered. */
  readonly certificatesOf: (holders: readonly CredentialHolder[]) => readonly RegisteredCertificate[]
  /** Epoch milliseconds. */
  readonly now: number
}

/** The client and how it says it will prove itself. */
export interface Client {
  readonly tenant: Tenant
  readonly application: Application
  readonly principal: ServicePrincipal
  /** As sent, in the client's spelling. */
  readonly clientId: string
}

/** All that a token is made of. */
export interface Grant {
  readonly endpoint: 'v1' | 'v2'
  readonly tenant: Tenant
  readonly client: ServicePrincipal
  readonly resource: ServicePrincipal
  /** The resource in the client's spelling, without `/.default`. */
  readonly requestedResource: string
  readonly authenticatedBy: 'certificate' | 'secret'
  /** The registered one whose key signed; undefined for a secret, and where trust is by subject name and issuer. */
  readonly certificate: RegisteredCertificate | undefined
  /** Capabilities the client claims, such as `cp1`: it answers claims challenges. */
  readonly capabilities: readonly string[]
}
