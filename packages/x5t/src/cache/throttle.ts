import { TokenEndpointError, TransportError } from '../errors.ts'
import type { Failure } from '../internal/stop.ts'

/** Until then the service, or the vault that signs, does not want to hear from us about this key. */
export interface Throttle {
  /** Steady time (`Clock`). */
  readonly until: number
  readonly error: TokenEndpointError | TransportError
}

/** Remembers what an answer with `Retry-After` asks for; the oldest leaves where there are more than `maxKeys`. */
export function keepThrottle(
  throttles: Map<string, Throttle>,
  key: string,
  { error, at }: Failure,
  maxKeys: number,
): void {
  if (!(error instanceof TokenEndpointError || error instanceof TransportError)) return
  if (!error.retryable || !error.retryAfterMs) return
  throttles.delete(key)
  throttles.set(key, { until: at + error.retryAfterMs, error })
  const [oldest = key] = throttles.keys()
  if (throttles.size > maxKeys) throttles.delete(oldest)
}

/** The refusal as it was, with the time that is left of it. */
export function stillThrottled({ until, error }: Throttle, now: number): TokenEndpointError | TransportError {
  const retryAfterMs = until - now
  const message = `${error.message}; ask again in ${Math.ceil(retryAfterMs / 1_000)} s`
  return error instanceof TransportError
    ? new TransportError(error.code, message, { ...error, retryAfterMs, cause: error })
    : new TokenEndpointError(error.code, message, { ...error, retryAfterMs, cause: error })
}
