import { TokenEndpointError } from '../errors.ts'
import type { Failure } from '../internal/stop.ts'

/** Until then the service does not want to hear from us about this key. */
export interface Throttle {
  /** Steady time (`Clock`). */
  readonly until: number
  readonly error: TokenEndpointError
}

/** Remembers what a refusal with `Retry-After` asks for; the oldest leaves where there are more than `maxKeys`. */
export function keepThrottle(
  throttles: Map<string, Throttle>,
  key: string,
  { error, at }: Failure,
  maxKeys: number,
): void {
  if (!(error instanceof TokenEndpointError && error.retryable) || !error.retryAfterMs) return
  throttles.delete(key)
  throttles.set(key, { until: at + error.retryAfterMs, error })
  const [oldest = key] = throttles.keys()
  if (throttles.size > maxKeys) throttles.delete(oldest)
}

/** The service's own refusal, with the time that is left of it. */
export function stillThrottled({ until, error }: Throttle, now: number): TokenEndpointError {
  const retryAfterMs = until - now
  const seconds = Math.ceil(retryAfterMs / 1_000)
  return new TokenEndpointError(error.code, `${error.message}; ask again in ${seconds} s`, {
    ...error,
    retryAfterMs,
    cause: error,
  })
}
