import { TransportError, X5tError } from '../errors.ts'

/** A fetch of keys that failed, and how soon the next may begin. */
export interface FailedFetch {
  /** Says how soon too, as `retryAfterMs`. */
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
  const pause = hasKeys ? longestPause : growing
  const told = error instanceof X5tError ? copyOf(error, error.message, error.cause, pause) : error
  return { error: told, failures, until: now + pause }
}

/** The failure itself, with the time that is left before the next try. */
export function stillFailing({ error, until }: FailedFetch, now: number): unknown {
  if (!(error instanceof X5tError)) return error
  const left = until - now
  return copyOf(error, `${error.message}; asked again in ${Math.ceil(left / 1_000)} s`, error, left)
}

function copyOf(error: X5tError, message: string, cause: unknown, retryAfterMs: number): X5tError {
  const { code, hint } = error
  return error instanceof TransportError
    ? new TransportError(code, message, { ...error, cause, retryAfterMs })
    : new X5tError(code, message, { hint, cause, retryAfterMs })
}
