import { CertificateError, X5tError } from '../errors.ts'
import { reasonOf } from '../internal/redact.ts'
import type { ClientCredential, CredentialSource } from './client-credential.ts'

export interface Credentials {
  readonly current: ClientCredential
  /** The one before, of a source that knows it. */
  readonly previous: ClientCredential | undefined
}

/**
 * What to sign with now. A source may be anyone's code: what it gives is looked at, and what it throws is made ours.
 *
 * @throws CertificateError `ERR_SIGNER_FAILED` with what the source threw as its cause; an X5tError of it as it is.
 * @throws TypeError for a source that gives no credential.
 */
export async function askSource(source: CredentialSource): Promise<Credentials> {
  const [current, previous] = await askBoth(source)
  if (!isCredential(current)) throw new TypeError(`current() of the credential must give ${shape}`)
  if (previous !== undefined && !isCredential(previous)) {
    throw new TypeError(`previous() of the credential must give undefined or ${shape}`)
  }
  return { current, previous }
}

/** A credential as it is, or what its source gives now. Throws what {@link askSource} does. */
export async function currentOf(credential: ClientCredential | CredentialSource): Promise<ClientCredential> {
  return 'current' in credential ? (await askSource(credential)).current : credential
}

async function askBoth(source: CredentialSource): Promise<[current: unknown, previous: unknown]> {
  try {
    return [await source.current(), source.previous?.()]
  } catch (cause) {
    if (cause instanceof X5tError) throw cause
    throw new CertificateError('ERR_SIGNER_FAILED', `the source gave no credential: ${reasonOf(cause)}`, {
      cause,
    })
  }
}

const shape = '{ certificate, signer }; see loadCredential'

export function isCredential(value: unknown): value is ClientCredential {
  const { certificate, signer } = Object(value)
  return typeof certificate === 'object' && certificate !== null && typeof signer?.sign === 'function'
}
