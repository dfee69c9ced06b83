import { events } from '../internal/events.ts'
import type { ClientCredential, CredentialSource } from './client-credential.ts'

/**
 * A source that looks for another credential each time it is asked, one look at a time for all who ask. What a look
 * cannot load changes nothing: the credential before goes on, and an `x5t:adoption` event says why.
 *
 * @param look - Undefined when nothing has changed since the last look.
 */
export function adoptingSource<
  Credential extends ClientCredential & { readonly warnings?: readonly string[] },
>(first: Credential, look: () => Promise<Credential | undefined>): CredentialSource<Credential> {
  let current = first
  let previous: Credential | undefined
  let looking: Promise<void> | undefined

  async function adopt(): Promise<void> {
    const before = current.certificate.thumbprintSha256
    try {
      const found = await look()
      if (found === undefined || found.certificate.thumbprintSha256 === before) return
      previous = current
      current = found
      const { certificate, warnings = [] } = found
      events.adoption.publish({ outcome: 'loaded', thumbprintSha256: certificate.thumbprintSha256, warnings })
    } catch (error) {
      events.adoption.publish({ outcome: 'kept', thumbprintSha256: before, error })
    }
  }

  return {
    async current() {
      looking ??= adopt().finally(() => {
        looking = undefined
      })
      await looking
      return current
    },
    previous: () => previous,
  }
}
