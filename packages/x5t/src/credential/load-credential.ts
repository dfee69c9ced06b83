import type { ClientCredential } from './client-credential.ts'
import { loadKeyPair } from './load-key-pair.ts'
import { assertLoadOptions, type LoadOptions, outsideDates } from './outside-dates.ts'
import type { MaterialSource } from './source.ts'

export interface LoadedCredential extends ClientCredential {
  /** What is allowed but should be mended, one sentence each: a key file that others can read, an expired certificate. */
  readonly warnings: readonly string[]
}

/**
 * A certificate and the signer for its private key, from files, from text, or given as they are.
 *
 * @throws CertificateError with a code and a hint for whatever cannot be used.
 */
export async function loadCredential(
  source: (MaterialSource | ClientCredential) & LoadOptions,
): Promise<LoadedCredential> {
  if (typeof source !== 'object' || source === null) {
    throw new TypeError('a credential is loaded from { path }, { pem } or { pfx }')
  }
  if ('signer' in source) {
    assertLoadOptions(source)
    const { certificate, signer } = source
    return { certificate, signer, warnings: outsideDates(certificate, source) }
  }
  const { certificate, signer, warnings } = await loadKeyPair(source)
  return { certificate, signer, warnings }
}
