import type { Certificate } from '../certificate/certificate.ts'
import type { Signer } from '../signer/signer.ts'

/** What proves who the client is: a registered certificate, and whoever signs for its private key. */
export interface ClientCredential {
  readonly certificate: Certificate
  readonly signer: Signer
}

/**
 * A credential that may change while the process runs. It is asked each time a signature is needed, and only then,
 * so it should answer from memory when nothing has changed. What it throws is the cause of an `ERR_SIGNER_FAILED`; an
 * X5tError stays as it is.
 */
export interface CredentialSource<Credential extends ClientCredential = ClientCredential> {
  current(): Promise<Credential>
  /** The credential before the current one. Used when Entra does not know the new certificate (AADSTS700027). */
  previous?(): Credential | undefined
}
