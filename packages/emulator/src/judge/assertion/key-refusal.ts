import type { RegisteredCertificate } from '../../directory/registered-certificate.ts'
import { type PreparedRefusal, refusal } from '../../refusal/refusal.ts'

/** What AADSTS700027 can be about. */
type KeyFault = 'not found' | 'expired' | 'unusable' | 'signature'

/** Entra: wording since about 2022 for the first two, the older one for what was not seen in the new style. */
const wording: Readonly<Record<KeyFault, readonly [summary: string, reason: string]>> = {
  'not found': [
    'The certificate with identifier used to sign the client assertion is not registered on application.',
    'The key was not found.',
  ],
  // A certificate that is not valid yet gets the same answer.
  expired: [
    'The certificate with identifier used to sign the client assertion is expired on application.',
    'The key used is expired.',
  ],
  unusable: [
    'Client assertion contains an invalid signature.',
    'Key was found, but use of the key to verify the signature failed.',
  ],
  signature: [
    'Client assertion contains an invalid signature.',
    'The provided signature value did not match the expected signature value.',
  ],
}

/**
 * AADSTS700027 in its four forms.
 *
 * Entra: the thumbprint is printed only where the client sent `x5t`, and the dates only where a key was found.
 *
 * @param about.sha1Hex - `x5t` as sent, upper-case hex.
 */
export function keyRefusal(
  fault: KeyFault,
  about: {
    readonly appId: string
    readonly sha1Hex?: string | undefined
    readonly found?: RegisteredCertificate | undefined
  },
): PreparedRefusal {
  const { appId, sha1Hex, found } = about
  const [summary, reason] = wording[fault]
  return refusal(700027, {
    summary,
    reason,
    details() {
      const thumbprint = sha1Hex === undefined ? '' : `, Thumbprint of key used by client: '${sha1Hex}'`
      const dates = found === undefined ? '' : `, Found key '${validity(found)}'`
      return `${thumbprint}${dates}`
    },
    appId,
  })
}

/** Entra: US dates, UTC. */
export function validity({ notBefore, notAfter }: RegisteredCertificate): string {
  return `Start=${usDate(notBefore)}, End=${usDate(notAfter)}`
}

function usDate(epochMs: number): string {
  const [year, month, day, time] = new Date(epochMs).toISOString().split(/[-T.]/)
  return `${month}/${day}/${year} ${time}`
}
