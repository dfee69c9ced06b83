import { refusal } from '../../refusal/refusal.ts'
import type { Client, Hearing } from '../hearing.ts'

/** `iss`, `sub` and `aud` are there, and the first two are the client. */
export function judgeParties(
  hearing: Hearing,
  { clientId }: Client,
  { iss, sub, aud }: Readonly<Record<string, unknown>>,
): void {
  hearing.require('iss is there', iss, refusal(90014, { field: 'iss' }))
  // Guess: `sub` is required, but what its absence is answered with was not seen.
  hearing.require('sub is there', sub, refusal(90014, { field: 'sub' }))
  const named = Array.isArray(aud) ? aud.length > 0 : aud
  hearing.require('aud is there', named, refusal(90014, { field: 'aud' }))
  hearing.require('iss is client_id', same(iss, clientId), refusal(700021), {
    expected: clientId,
    found: shown(iss),
  })
  hearing.require('sub is iss', same(sub, clientId), refusal(50048), {
    expected: clientId,
    found: shown(sub),
  })
}

const same = (claim: unknown, clientId: string): boolean =>
  typeof claim === 'string' && claim.toLowerCase() === clientId.toLowerCase()

const shown = (claim: unknown): string => (typeof claim === 'string' ? claim : typeof claim)
