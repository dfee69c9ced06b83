import type { CredentialHolder } from '../directory/application.ts'
import type { RegisteredCertificate } from '../directory/registered-certificate.ts'
import type { Encounter } from './encounter.ts'

/**
 * The certificates that the server which happens to answer knows of an application and its service principal: a new
 * one may not have reached it yet, a removed one may still be there.
 *
 * Entra: some servers lag for about a minute, so that refusals and successes alternate; `probability` does that.
 *
 * @param encounter - Undefined where nothing is armed.
 * @param now - Epoch milliseconds.
 */
export function knownCertificates(
  holders: readonly CredentialHolder[],
  encounter: Encounter | undefined,
  now: number,
): readonly RegisteredCertificate[] {
  const registered = holders.flatMap(({ certificates }) => certificates)
  if (encounter === undefined) return registered
  const removed = holders.flatMap(({ removedCertificates = [] }) => removedCertificates)
  const within = (since: number, { seconds }: { readonly seconds: number }) => now < since + seconds * 1000
  const late = encounter.meet(['propagation'], (fault) =>
    registered.some(({ registeredAt }) => within(registeredAt, fault)),
  )
  const lingering = encounter.meet(['removal'], (fault) =>
    removed.some(({ removedAt }) => within(removedAt, fault)),
  )
  const arrived = late ? registered.filter((one) => !within(one.registeredAt, late)) : registered
  const gone = lingering ? removed.filter((one) => within(one.removedAt, lingering)) : []
  return [...arrived, ...gone.map(({ certificate }) => certificate)]
}
