import type { StopSignal } from '../internal/stop.ts'

/** One piece of work for many waiters, in bounded time. */
export interface SingleFlight<R, T> {
  /**
   * Joins the work under way for `key`, or starts it. A waiter whose signal aborts leaves at once with its reason; the
   * work goes on for the others and is aborted once nobody waits. Nothing is remembered after it ends.
   */
  join(key: string, request: R, signal?: AbortSignal | undefined): Promise<T>
}

export interface SingleFlightOptions<R, T> {
  /** The signal aborts when nobody waits any longer. Whatever the work does then, its waiters are gone. */
  readonly work: (key: string, request: R, signal: StopSignal) => Promise<T>
  /** Longest time for one piece of work, milliseconds, at most 2^31 - 1. */
  readonly timeoutMs: number
  /** What its waiters see after that. */
  readonly tooLate: () => Error
}

interface Flight<T> {
  readonly result: Promise<T>
  readonly stop: Stop
  waiters: number
}

export function createSingleFlight<R, T>(options: SingleFlightOptions<R, T>): SingleFlight<R, T> {
  const { work, timeoutMs, tooLate } = options
  const flights = new Map<string, Flight<T>>()
  const leavers = new WeakMap<AbortSignal, Set<() => void>>()

  function start(key: string, request: R): Flight<T> {
    const stop = new Stop()
    const timer = setTimeout(() => stop.abort(tooLate()), timeoutMs)
    const result = new Promise<T>((resolve, reject) => {
      stop.addEventListener('abort', () => reject(stop.reason))
      work(key, request, stop).then(resolve, reject)
    }).finally(() => {
      clearTimeout(timer)
      if (flights.get(key) === flight) flights.delete(key)
    })
    const flight: Flight<T> = { stop, waiters: 0, result }
    flights.set(key, flight)
    return flight
  }

  /** One listener for each signal, however many wait under it: from the eleventh on Node 20 warns of a leak. */
  function leaversOf(signal: AbortSignal): Set<() => void> {
    const known = leavers.get(signal)
    if (known !== undefined) return known
    const waiting = new Set<() => void>()
    const leaveAll = () => {
      for (const leave of waiting) leave()
    }
    signal.addEventListener('abort', leaveAll, { once: true })
    leavers.set(signal, waiting)
    return waiting
  }

  return {
    join(key, request, signal) {
      // First, for it throws for what is no signal: nobody would wait for a flight that had begun, nor see it fail.
      const waiting = signal && leaversOf(signal)
      const flight = flights.get(key) ?? start(key, request)
      flight.waiters++
      if (signal === undefined || waiting === undefined) return flight.result
      return new Promise((resolve, reject) => {
        const leave = () => {
          reject(signal.reason)
          if (--flight.waiters > 0) return
          // Who comes now starts anew; the work that is left to itself may end late.
          if (flights.get(key) === flight) flights.delete(key)
          flight.stop.abort(signal.reason)
        }
        waiting.add(leave)
        // The work may have aborted it before this line.
        if (signal.aborted) leave()
        flight.result.then(resolve, reject).finally(() => waiting.delete(leave))
      })
    },
  }
}

/**
 * What an `AbortController` is, for work of our own: to make one with its signal is 3 % of the CPU time of a token
 * request, and hardly any is ever aborted. Its listeners are called once.
 */
class Stop implements StopSignal {
  aborted = false
  reason: unknown
  readonly #listeners = new Set<() => void>()

  abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    for (const listener of this.#listeners) listener()
  }

  addEventListener(_: 'abort', listener: () => void): void {
    this.#listeners.add(listener)
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    this.#listeners.delete(listener)
  }
}
