/** One piece of work for many waiters. */
export interface SingleFlight<T> {
  /**
   * Joins the work under way for `key`, or starts it. A waiter whose signal aborts leaves with its reason; the work
   * goes on for the others and is aborted once nobody waits. Nothing is remembered after it ends.
   */
  join(key: string, work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal | undefined): Promise<T>
}

interface Flight<T> {
  readonly result: Promise<T>
  readonly abort: AbortController
  waiters: number
}

export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>()
  const leavers = new WeakMap<AbortSignal, Set<() => void>>()

  function start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const abort = new AbortController()
    const flight: Flight<T> = {
      abort,
      waiters: 0,
      result: work(abort.signal).finally(() => land(key, flight)),
    }
    flights.set(key, flight)
    return flight
  }

  /** An abandoned flight may land after its successor has started. */
  function land(key: string, flight: Flight<T>): void {
    if (flights.get(key) === flight) flights.delete(key)
  }

  /** One listener for each signal, however many wait under it: from the eleventh on Node 20 warns of a leak. */
  function leaversOf(signal: AbortSignal): Set<() => void> {
    const known = leavers.get(signal)
    if (known !== undefined) return known
    const waiting = new Set<() => void>()
    leavers.set(signal, waiting)
    const leaveAll = () => {
      for (const leave of waiting) leave()
    }
    signal.addEventListener('abort', leaveAll, { once: true })
    return waiting
  }

  return {
    join(key, work, signal) {
      const flight = flights.get(key) ?? start(key, work)
      flight.waiters++
      if (signal === undefined) return flight.result
      return new Promise((resolve, reject) => {
        const waiting = leaversOf(signal)
        const leave = () => {
          reject(signal.reason)
          if (--flight.waiters > 0) return
          land(key, flight)
          flight.abort.abort(signal.reason)
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
 * What `work` comes to, or why to stop waiting for it: `signal`'s reason, or `tooLate()` after `ms`. The waiter is
 * told at once; the work is told by `bounds` and may end whenever it can.
 */
export function withinTime<T>(
  work: (bounds: AbortSignal) => Promise<T>,
  ms: number,
  tooLate: () => Error,
  signal: AbortSignal | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const bounds = new AbortController()
    const settle = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
    }
    const stop = (reason: unknown) => {
      settle()
      reject(reason)
      bounds.abort(reason)
    }
    const leave = () => stop(signal?.reason)
    const timer = setTimeout(() => stop(tooLate()), ms)
    if (signal?.aborted) return leave()
    signal?.addEventListener('abort', leave, { once: true })
    work(bounds.signal).then(resolve, reject).finally(settle)
  })
}
