import type { Clock } from '../internal/clock.ts'
import type { Failure, StopSignal } from '../internal/stop.ts'

/** One piece of work for many waiters, in bounded time. */
export interface SingleFlight<R, T> {
  /**
   * Joins the work under way for `key`, or starts it. A waiter whose signal aborts, or whose time is over, leaves at once
   * with the reason; the work goes on for the others and is aborted once nobody waits. Nothing is remembered after it
   * ends.
   */
  join(key: string, request: R, signal?: AbortSignal | undefined): Promise<T>
}

export interface SingleFlightOptions<R, T> {
  readonly clock: Clock
  /** The signal aborts when nobody waits any longer. Whatever the work does then, its waiters are gone. */
  readonly work: (key: string, request: R, signal: StopSignal) => Promise<T>
  /** Longest wait for each, milliseconds, at most 2^31 - 1. */
  readonly timeoutMs: number
  /** What a waiter sees after that; `stop` holds what the work has told of itself. */
  readonly tooLate: (stop: StopSignal) => Error
  /** Told, before anyone can join anew, of work that nobody waits for any longer and of what last went wrong in it. */
  readonly onAbandoned?: ((key: string, failure: Failure) => void) | undefined
}

interface Flight<T> {
  readonly landing: Promise<T>
  readonly stop: Stop
  /** The newest. */
  boarding: Boarding<T> | undefined
  waiters: number
}

/** Those who came at about the same time wait equally long: a thousand of them need one timer. */
interface Boarding<T> {
  readonly openedAt: number
  readonly timer: NodeJS.Timeout | undefined
  readonly result: Promise<T>
  waiters: number
}

/** Who comes within this share of the time that one may wait is counted from the first of them. */
const boardingShare = 0.01

/** One listener for each signal, however many wait under it: from the eleventh on Node 20 warns of a leak. */
interface Leavers {
  readonly waiting: Set<() => void>
  readonly leaveAll: () => void
}

export function createSingleFlight<R, T>(options: SingleFlightOptions<R, T>): SingleFlight<R, T> {
  const { clock, work, timeoutMs, tooLate, onAbandoned } = options
  const flights = new Map<string, Flight<T>>()
  const leavers = new WeakMap<AbortSignal, Leavers>()

  function board(key: string, flight: Flight<T>, openedAt: number): Boarding<T> {
    let timer: NodeJS.Timeout | undefined
    const result = new Promise<T>((resolve, reject) => {
      timer = setTimeout(() => {
        const error = tooLate(flight.stop)
        reject(error)
        leave(key, flight, boarding, boarding.waiters, error)
      }, timeoutMs)
      const ended = flight.landing.finally(() => {
        clearTimeout(timer)
        if (flights.get(key) === flight) flights.delete(key)
      })
      ended.then(resolve, reject)
    })
    const boarding: Boarding<T> = { openedAt, timer, result, waiters: 0 }
    return boarding
  }

  function leave(
    key: string,
    flight: Flight<T>,
    boarding: Boarding<T>,
    waiters: number,
    reason: unknown,
  ): void {
    boarding.waiters -= waiters
    flight.waiters -= waiters
    if (boarding.waiters === 0) {
      clearTimeout(boarding.timer)
      if (flight.boarding === boarding) flight.boarding = undefined
    }
    if (flight.waiters > 0) return
    // Who comes now starts anew; the work that is left to itself may end late.
    if (flights.get(key) === flight) flights.delete(key)
    flight.stop.abort(reason)
    if (flight.stop.failure !== undefined) onAbandoned?.(key, flight.stop.failure)
  }

  function leaversOf(signal: AbortSignal): Leavers {
    const known = leavers.get(signal)
    if (known !== undefined) return known
    if (typeof signal.removeEventListener !== 'function') throw new TypeError('signal must be an AbortSignal')
    const waiting = new Set<() => void>()
    const leaveAll = () => {
      for (const leaveNow of waiting) leaveNow()
    }
    signal.addEventListener('abort', leaveAll, { once: true })
    leavers.set(signal, { waiting, leaveAll })
    return { waiting, leaveAll }
  }

  function waitUnder(
    signal: AbortSignal,
    { waiting, leaveAll }: Leavers,
    key: string,
    flight: Flight<T>,
    boarding: Boarding<T>,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const leaveNow = () => {
        reject(signal.reason)
        if (boarding.waiters > 0) leave(key, flight, boarding, 1, signal.reason)
      }
      waiting.add(leaveNow)
      // The work may have aborted it before this line.
      if (signal.aborted) leaveNow()
      boarding.result.then(resolve, reject).finally(() => {
        waiting.delete(leaveNow)
        if (waiting.size > 0) return
        // A signal may live as long as the process, and would keep all this with it.
        signal.removeEventListener('abort', leaveAll)
        leavers.delete(signal)
      })
    })
  }

  return {
    join(key, request, signal) {
      // First, for it throws for what is no signal: nobody would wait for a flight that had begun, nor see it fail.
      const leaving = signal ? leaversOf(signal) : undefined
      let flight = flights.get(key)
      if (flight === undefined) {
        const stop = new Stop()
        flight = { landing: work(key, request, stop), stop, boarding: undefined, waiters: 0 }
        flights.set(key, flight)
      }
      // Wall time is cheaper, and to set it amid a flight makes one more boarding.
      const now = clock.wall()
      let { boarding } = flight
      if (boarding === undefined || Math.abs(now - boarding.openedAt) > timeoutMs * boardingShare) {
        boarding = board(key, flight, now)
        flight.boarding = boarding
        flight.stop.until = clock.steady() + timeoutMs
      }
      boarding.waiters++
      flight.waiters++
      if (!signal || leaving === undefined) return boarding.result
      return waitUnder(signal, leaving, key, flight, boarding)
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
  until: number | undefined
  failure: Failure | undefined
  waitsFor: string | undefined
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
