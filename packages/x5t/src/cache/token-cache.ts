import type { Clock } from '../internal/clock.ts'
import type { StopSignal } from '../internal/stop.ts'
import { createSingleFlight } from './single-flight.ts'
import { keepThrottle, stillThrottled, type Throttle } from './throttle.ts'

/** A value and the steady times (`Clock`) that govern it. */
export interface Cached<T> {
  readonly value: T
  /** Never returned from here on. */
  readonly expiresAt: number
  /** From here on a new one is fetched while this one still serves. */
  readonly refreshAt: number
}

/** Gets what a request `R` wants, under the names that its caller gives it. */
export interface TokenCache<R, T> {
  /**
   * The value for `key`: at once while it lives, else acquired, once however many ask. A value past its `refreshAt`
   * is acquired anew behind the caller; if that fails it is reported and tried later, never this caller's error.
   * `request` is copied where it is used later: the caller may go on to change it.
   */
  get(key: string, request: R, signal?: AbortSignal | undefined): Promise<T>
  set(key: string, cached: Cached<T>): void
  readonly size: number
}

export interface TokenCacheOptions<R, T> {
  readonly clock: Clock
  /**
   * The signal aborts when nobody waits any longer, and after `timeoutMs`. Who `renews` has one that lives; who has
   * none may be given one that is due, which is then renewed behind its caller.
   */
  readonly acquire: (request: R, signal: StopSignal, renews: boolean) => Promise<Cached<T>>
  /** A value that lives and is had without asking: for who comes while the service does not want to be asked. */
  readonly peek?: ((request: R) => Promise<Cached<T> | undefined>) | undefined
  /** Longest wait for a value, milliseconds. */
  readonly timeoutMs: number
  /** What who waits sees after that. */
  readonly tooLate: (stop: StopSignal) => Error
  /** Told how each refresh behind the callers ended: `failures` in a row, 0 for a success. */
  readonly onRefresh?: ((request: R, failures: number, error?: unknown) => void) | undefined
  /** Both of values and of throttled keys. Default: 10,000. */
  readonly maxEntries?: number | undefined
}

interface Entry<T> {
  /** Resolved, and the same for every hit, so that a hit allocates nothing. */
  readonly value: Promise<T>
  /** Steady time of the next refresh, and the end at last; moves back when one fails. The one time a hit looks at. */
  dueAt: number
  /** Asked for since it was last looked at for eviction. */
  used: boolean
  readonly expiresAt: number
  failures: number
}

const firstBackoffMs = 5_000
const maxBackoffMs = 300_000

/**
 * Bounded, O(1), without timers: what has not been asked for leaves first, and what has expired leaves as
 * others come.
 */
export function createTokenCache<R extends object, T>(options: TokenCacheOptions<R, T>): TokenCache<R, T> {
  const { clock, acquire, peek, onRefresh, maxEntries = 10_000 } = options
  const entries = new Map<string, Entry<T>>()
  const throttles = new Map<string, Throttle>()
  const flights = createSingleFlight({
    ...options,
    work: fetchInto,
    onAbandoned: (key, failure) => keepThrottle(throttles, key, failure, maxEntries),
  })
  let sweep = entries.entries()

  function set(key: string, { value, expiresAt, refreshAt }: Cached<T>): void {
    throttles.delete(key)
    entries.delete(key)
    const dueAt = Math.min(refreshAt, expiresAt)
    entries.set(key, { value: Promise.resolve(value), dueAt, used: true, expiresAt, failures: 0 })
    dropExpired()
    if (entries.size > maxEntries) evict()
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

  /** Two looks for each value that comes in, round and round: half as many values again see all of them looked at. */
  function dropExpired(): void {
    const now = clock.steady()
    for (let looks = 0; looks < 2; looks++) {
      const { value: next } = sweep.next()
      if (next === undefined) {
        sweep = entries.entries()
        return
      }
      if (now >= next[1].expiresAt) entries.delete(next[0])
    }
  }

  async function fetchInto(key: string, given: R, signal: StopSignal): Promise<T> {
    const request = { ...given }
    const throttle = throttles.get(key)
    if (throttle !== undefined && clock.steady() < throttle.until) {
      const found = await peekInto(key, request, throttle)
      if (found !== undefined) return found
    }
    throttles.delete(key)
    const before = entries.get(key)
    try {
      const cached = await acquire(request, signal, before !== undefined)
      const now = entries.get(key)
      // Else the answer to a challenge came in the meantime; this token may be one of those that it revokes.
      if (now === undefined || now === before) set(key, cached)
      const at = clock.steady()
      // One that has ended would be followed by the next such, for ever and for nobody.
      if (before === undefined && at >= cached.refreshAt && at < cached.expiresAt) renewSoon(key, request)
      return cached.value
    } catch (error) {
      keepThrottle(throttles, key, { error, at: clock.steady() }, maxEntries)
      throw error
    }
  }

  /** Undefined where the throttle has ended while there was nothing to be found. */
  async function peekInto(key: string, request: R, throttle: Throttle): Promise<T | undefined> {
    const found = await peek?.(request)
    const answered = entries.get(key) // to a challenge, in the meantime; what was found may be what that revokes
    if (answered !== undefined) return answered.value
    const now = clock.steady()
    if (found === undefined && now >= throttle.until) return undefined
    if (found === undefined) throw stillThrottled(throttle, now)
    set(key, { ...found, refreshAt: Math.max(found.refreshAt, throttle.until) })
    throttles.set(key, throttle) // the service has not been asked
    return found.value
  }

  /** As the next caller would, but there may be none. Once the flight is over that brought it, or that would be joined. */
  function renewSoon(key: string, request: R): void {
    setImmediate(() => cache.get(key, request).catch(() => {}))
  }

  async function refreshBehind(key: string, entry: Entry<T>, request: R): Promise<void> {
    entry.dueAt = entry.expiresAt
    try {
      await flights.join(key, request)
      onRefresh?.(request, 0)
    } catch (error) {
      const now = clock.steady()
      const left = entry.expiresAt - now
      // At most half of what is left, so that a service that is back before the end is found before a caller must wait.
      const longest = Math.max(Math.min(maxBackoffMs, left / 2), firstBackoffMs)
      const backoff = Math.min(firstBackoffMs * 2 ** entry.failures++, longest)
      const jittered = backoff * (1 - Math.random() / 2)
      const again = Math.max(now + jittered, throttles.get(key)?.until ?? 0)
      entry.dueAt = Math.min(again, entry.expiresAt)
      onRefresh?.(request, entry.failures, error)
    }
  }

  const cache: TokenCache<R, T> = {
    set,
    get size() {
      return entries.size
    },
    get(key, request, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason)
      const entry = entries.get(key)
      const now = clock.steady()
      if (entry !== undefined) {
        entry.used = true
        if (now < entry.dueAt) return entry.value
        if (now < entry.expiresAt) {
          refreshBehind(key, entry, { ...request })
          return entry.value
        }
        entries.delete(key)
      }
      return flights.join(key, request, signal)
    },
  }
  return cache
}
