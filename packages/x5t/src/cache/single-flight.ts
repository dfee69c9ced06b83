/** One piece of work for many waiters. */
export interface SingleFlight<T> {
  has(key: string): boolean
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

  return {
    has: (key) => flights.has(key),
    join(key, work, signal) {
      const flight = flights.get(key) ?? start(key, work)
      flight.waiters++
      if (signal === undefined) return flight.result
      return new Promise((resolve, reject) => {
        const leave = () => {
          reject(signal.reason)
          if (--flight.waiters > 0) return
          land(key, flight)
          flight.abort.abort(signal.reason)
          flight.result.catch(() => {})
        }
        signal.addEventListener('abort', leave, { once: true })
        flight.result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
      })
    },
  }
}
