import { TokenEndpointError } from '../errors.ts'
import type { Clock } from '../internal/clock.ts'
import { events } from '../internal/events.ts'
import { createSingleFlight } from './single-flight.ts'

/** A value and the steady times (`Clock`) that govern it. */
export interface Cached<T> {
  readonly value: T
  /** Never returned from here on. */
  readonly expiresAt: number
  /** From here on a new one is fetched while this one still serves. */
  readonly refreshAt: number
}

export interface TokenCache<T> {
  /**
   * The value for `key`: at once while it lives, else from `acquire`, which runs once however many ask.
   * `acquire` also runs behind a value that is past its `refreshAt`; if it fails then, that is an event and a later
   * try, never this caller's error.
   */
  get(
    key: string,
    acquire: (signal: AbortSignal) => Promise<Cached<T>>,
    signal?: AbortSignal | undefined,
  ): Promise<T>
  set(key: string, cached: Cached<T>): void
  readonly size: number
}

interface Entry<T> {
  /** Resolved, and the same for every hit, so that a hit allocates nothing. */
  readonly value: Promise<T>
  readonly expiresAt: number
  /** Asked for since it was last looked at for eviction. */
  used: boolean
  /** Steady time of the next refresh; moves back when one fails. */
  nextRefreshAt: number
  failures: number
}

/** While `until`, the service does not want to hear from us. */
interface Throttle {
  readonly until: number
  readonly error: TokenEndpointError
}

const firstBackoffMs = 5_000
const maxBackoffMs = 300_000

/**
 * Bounded, O(1), without timers: what has not been asked for leaves first, and what has expired leaves as
 * others come.
 *
 * @param options.maxEntries - Both of values and of throttled keys. Default: 10,000.
 */
export function createTokenCache<T>(options: {
  clock: Clock
  maxEntries?: number | undefined
}): TokenCache<T> {
  const { clock, maxEntries = 10_000 } = options
  const entries = new Map<string, Entry<T>>()
  const throttles = new Map<string, Throttle>()
  const flights = createSingleFlight<T>()

  function set(key: string, cached: Cached<T>): void {
    throttles.delete(key)
    entries.delete(key)
    const { value, expiresAt, refreshAt } = cached
    entries.set(key, {
      value: Promise.resolve(value),
      expiresAt,
      nextRefreshAt: refreshAt,
      used: false,
      failures: 0,
    })
    dropExpired()
    evict()
  }

  /** Second chance: the oldest leaves, unless it was asked for since the last look; then it counts as new. */
  function evict(): void {
    for (const [key, entry] of entries) {
      if (entries.size <= maxEntries) return
      entries.delete(key)
      if (!entry.used) continue
      entry.used = false
      entries.set(key, entry)
    }
  }

  /** Two looks for each value that comes in: what has expired leaves at least as fast as new values arrive. */
  function dropExpired(): void {
    const now = clock.steady()
    let looks = 2
    for (const [key, { expiresAt }] of entries) {
      if (now >= expiresAt) entries.delete(key)
      if (--looks === 0) return
    }
  }

  async function fetchInto(
    key: string,
    acquire: (signal: AbortSignal) => Promise<Cached<T>>,
    signal: AbortSignal,
  ): Promise<T> {
    try {
      const cached = await acquire(signal)
      set(key, cached)
      return cached.value
    } catch (error) {
      if (error instanceof TokenEndpointError && error.retryAfterMs !== undefined && error.retryAfterMs > 0) {
        throttles.delete(key)
        throttles.set(key, { until: clock.steady() + error.retryAfterMs, error })
        const [oldest = key] = throttles.keys()
        if (throttles.size > maxEntries) throttles.delete(oldest)
      }
      throw error
    }
  }

  function refreshBehind(
    key: string,
    entry: Entry<T>,
    acquire: (signal: AbortSignal) => Promise<Cached<T>>,
  ): void {
    if (flights.has(key)) return
    flights
      .join(key, (signal) => fetchInto(key, acquire, signal))
      .catch((error: unknown) => {
        const backoff = Math.min(firstBackoffMs * 2 ** entry.failures++, maxBackoffMs)
        const asked = throttles.get(key)?.until ?? 0
        entry.nextRefreshAt = Math.max(clock.steady() + backoff, asked)
        events.refresh.publish({ outcome: 'failed', failures: entry.failures, error })
      })
  }

  return {
    set,
    get size() {
      return entries.size
    },
    get(key, acquire, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason)
      const entry = entries.get(key)
      const now = clock.steady()
      if (entry !== undefined) {
        if (now < entry.expiresAt) {
          entry.used = true
          if (now >= entry.nextRefreshAt) refreshBehind(key, entry, acquire)
          return entry.value
        }
        entries.delete(key)
      }
      const throttle = throttles.get(key)
      if (throttle !== undefined) {
        if (now < throttle.until) return Promise.reject(stillThrottled(throttle, now))
        throttles.delete(key)
      }
      return flights.join(key, (flight) => fetchInto(key, acquire, flight), signal)
    },
  }
}

/** The service's own refusal, with the time that is left of it. */
function stillThrottled({ until, error }: Throttle, now: number): TokenEndpointError {
  const retryAfterMs = until - now
  return new TokenEndpointError(
    error.code,
    `${error.message}; ask again in ${Math.ceil(retryAfterMs / 1_000)} s`,
    {
      ...error,
      retryAfterMs,
      cause: error,
    },
  )
}
