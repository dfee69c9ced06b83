import { parseHttpDate } from './clock.ts'

/** Nobody waits a day because of a typing error. Entra: MSAL never waits longer than an hour either. */
const maxRetryAfterMs = 3_600_000

/**
 * The wait that an answer asks for: seconds, or a date read against the answer's own `Date`.
 *
 * @param headers - Names in lower case.
 * @param now - Epoch milliseconds, for an answer without `Date`.
 * @returns Milliseconds, at most an hour; `undefined` where it asks for none.
 * @see RFC 9110 section 10.2.3
 */
export function retryAfterMs(
  { date, ...headers }: Readonly<Record<string, string | undefined>>,
  now: number,
): number | undefined {
  const value = headers['retry-after']?.trim() ?? ''
  const until = parseHttpDate(value)
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1_000, maxRetryAfterMs)
  if (until === undefined) return undefined
  return Math.min(Math.max(until - (parseHttpDate(date) ?? now), 0), maxRetryAfterMs)
}
