import { CertificateError } from '../errors.ts'
import { events } from '../internal/events.ts'
import { inTime } from '../internal/in-time.ts'
import type { ClientCredential, CredentialSource } from './client-credential.ts'

/** A look may ask a service, or a share that is away; who needs a signature waits no longer for one. */
const longestWaitMs = 2_000

/**
 * How long a look waits for a service, or for a function of the user. Without an end to that no other look would begin.
 * For files there is none: each further look at a share that is away would hold one more thread.
 */
export const longestLookMs = 60_000

/**
 * A source that looks for another credential each time it is asked, one look at a time for all who ask. What a look
 * cannot load changes nothing: the credential before goes on, and an `x5t:adoption` event says why. So it does where a
 * look takes too long, until that ends.
 *
 * @param look - Undefined when nothing has changed since the last look, which found `current`.
 */
export function adoptingSource<
  Credential extends ClientCredential & { readonly warnings?: readonly string[] },
>(
  first: Credential,
  look: (current: Credential) => Promise<Credential | undefined>,
): CredentialSource<Credential> {
  let current = first
  let previous: Credential | undefined
  let looking: Promise<void> | undefined

  async function adopt(): Promise<void> {
    const before = current
    try {
      const found = await look(before)
      if (found === undefined) return
      current = found // of the same certificate too: its chain may be another
      const { certificate, warnings = [] } = found
      const { thumbprintSha256 } = certificate
      if (thumbprintSha256 === before.certificate.thumbprintSha256) return
      previous = before
      events.adoption.publish({ outcome: 'loaded', thumbprintSha256, warnings })
    } catch (error) {
      keep(error)
    }
  }

  function keep(error: unknown): void {
    const { thumbprintSha256 } = current.certificate
    events.adoption.publish({ outcome: 'kept', thumbprintSha256, error })
  }

  function adoptInTime(): Promise<void> {
    const adopted = adopt().finally(() => {
      looking = undefined
    })
    return inTime(
      adopted,
      longestWaitMs,
      (within) => new CertificateError('ERR_TIMEOUT', `key and certificate were not seen ${within}`),
    ).catch(keep)
  }

  return {
    async current() {
      looking ??= adoptInTime()
      await looking
      return current
    },
    previous: () => previous,
  }
}
