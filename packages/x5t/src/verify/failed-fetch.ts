import { TransportError, X5tError } from '../errors.ts'

/** A fetch of keys that failed, and how soon the next may begin. */
export interface FailedFetch {
  readonly error: unknown
  /** How many have failed in a row. */
  readonly failures: number
  /** Steady time (`Clock`). */
  readonly until: number
}

/** Milliseconds, of the pause after one failure; each that follows doubles it. */
const shortestPause = 1_000
/** Milliseconds. */
const longestPause = 60_000

/** @param hasKeys - Nobody waits while the last known good keys serve, so the pause need not begin short. */
export function failedFetch(
  error: unknown,
  before: FailedFetch | undefined,
  now: number,
  hasKeys: boolean,
): FailedFetch {
  const failures = (before?.failures ?? 0) + 1
  const growing = Math.min(shortestPause * 2 ** (failures - 1), longestPause)
  return { error, failures, until: now + (hasKeys ? longestPause : growing) }
}

/** The failure itself, with the time that is left before the next try. */
export function stillFailing({ error, until }: FailedFetch, now: number): unknown {
  if (!(error instanceof X5tError)) return error
  const retryAfterMs = until - now
  const message = `${error.message}; asked again in ${Math.ceil(retryAfterMs / 1_000)} s`
  return error instanceof TransportError
    ? new TransportError(error.code, message, { ...error, cause: error, retryAfterMs })
    : new X5tError(error.code, message, { hint: error.hint, cause: error, retryAfterMs })
}
