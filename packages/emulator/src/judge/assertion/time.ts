import { refusal } from '../../refusal/refusal.ts'
import type { Hearing } from '../hearing.ts'

/** Entra: some skew is granted; how much is not documented. A guess: 300 s. */
const skewSeconds = 300

/**
 * `nbf` and `exp` hold now. There is no upper bound: assertions of a day are taken.
 *
 * Entra: a claim that is absent counts as 1970, and clients write these as integers, floats and strings.
 */
export function judgeTime(hearing: Hearing, { nbf, exp }: Readonly<Record<string, unknown>>): void {
  const notBefore = seconds(nbf)
  const expiry = seconds(exp)
  hearing.require('nbf and exp are numbers', notBefore !== undefined && expiry !== undefined, refusal(50027))
  const nowSeconds = hearing.now / 1000
  const inTime = notBefore <= nowSeconds + skewSeconds && nowSeconds < expiry + skewSeconds
  const times = {
    now: () => roundTrip(nowSeconds),
    notBefore: () => roundTrip(notBefore),
    expiry: () => roundTrip(expiry),
  }
  hearing.require('the time is between nbf and exp', inTime, refusal(700024, times), {
    expected: () => `${times.notBefore()} to ${times.expiry()}`,
    found: times.now,
  })
}

function seconds(claim: unknown): number | undefined {
  if (claim === undefined || claim === null) return 0
  if (typeof claim === 'string' && !/^-?\d+(\.\d+)?$/.test(claim)) return undefined
  const value = typeof claim === 'string' ? Number(claim) : claim
  return typeof value === 'number' && Math.abs(value) < latestDate ? value : undefined
}

/** Seconds: no date of ECMAScript is further from 1970. */
const latestDate = 8.64e12

/** .NET's round-trip format, seven decimals, within the years that it can write. */
function roundTrip(epochSeconds: number): string {
  const ms = Math.min(Math.max(epochSeconds * 1000, -62_135_596_800_000), 253_402_300_799_999)
  return new Date(ms).toISOString().replace('Z', '0000Z')
}
