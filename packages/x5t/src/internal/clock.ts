import { uptime } from 'node:os'

/** Two readings of time, both in milliseconds. */
export interface Clock {
  /** The wall clock, epoch milliseconds. People and NTP may set it at any moment. */
  wall(): number
  /** Time that passes evenly, from an arbitrary start; goes on while the machine sleeps. */
  steady(): number
}

/** Wall and steady readings that differ by less than this are ordinary drift. */
const driftMs = 2_000

/**
 * The clock of this machine, or one made from an injected `now`.
 *
 * `hrtime` stops on Linux while the machine sleeps. When the wall clock has run ahead of it, either the clock was set
 * or the machine slept; the system's uptime, which counts sleep, tells which. Not `performance.now()`: its first use
 * loads `node:perf_hooks`, 1 ms of a short process.
 */
export function createClock(now?: (() => number) | undefined): Clock {
  if (now !== undefined) return { wall: now, steady: now }
  return clockOf({ wall: Date.now, hrtime: process.hrtime, uptimeSeconds: uptime })
}

/** As {@link createClock}, over given readings. */
export function clockOf(readings: {
  wall: () => number
  hrtime: () => readonly [seconds: number, nanoseconds: number]
  uptimeSeconds: () => number
}): Clock {
  const { wall, hrtime, uptimeSeconds } = readings
  const [startSeconds, startNanoseconds] = hrtime()
  const start = startSeconds * 1_000 + startNanoseconds / 1e6
  let sleptMs = 0
  let lead = wall() - start
  let awake = uptimeSeconds() * 1_000 - start

  return {
    wall,
    steady() {
      const [seconds, nanoseconds] = hrtime()
      const ticks = seconds * 1_000 + nanoseconds / 1e6
      const nowLead = wall() - ticks
      if (Math.abs(nowLead - lead) > driftMs) {
        lead = nowLead
        const nowAwake = uptimeSeconds() * 1_000 - ticks
        if (nowAwake - awake > driftMs) sleptMs += nowAwake - awake
        awake = nowAwake
      }
      return ticks + sleptMs
    },
  }
}

/** The time as the token endpoint counts it. */
export interface ServerClock {
  /** Epoch milliseconds. This machine's wall clock until an answer has taught otherwise. */
  now(): number
  /** Learns from an answer's `Date` header; `sentAt` is the steady time at which the request left. */
  learn(date: string | undefined, sentAt: number): void
  /**
   * The server says that `used` (a value of `now()`) is not its time. Chooses a better one for the next try.
   *
   * @returns False if nothing known disagrees with `used`, so that another try would fail in the same way.
   */
  correct(used: number): boolean
}

/** Two times closer than this are the same time to a server that tolerates minutes. */
const sameTimeMs = 10_000
/** `Date` has whole seconds, cut off. */
const headerRoundingMs = 500

export function createServerClock(clock: Clock): ServerClock {
  /** Server time minus steady time, so that setting the wall clock changes nothing. */
  let learned: number | undefined
  let trusted = true

  const byServer = () => (learned === undefined ? undefined : clock.steady() + learned)
  const now = () => (trusted && learned !== undefined ? clock.steady() + learned : clock.wall())

  return {
    now,
    learn(date, sentAt) {
      const epoch = parseHttpDate(date)
      if (epoch !== undefined) learned = epoch + headerRoundingMs - (sentAt + clock.steady()) / 2
    },
    correct(used) {
      const others = [byServer(), clock.wall()]
      const better = others.findIndex((time) => time !== undefined && Math.abs(time - used) > sameTimeMs)
      if (better === -1) return false
      trusted = better === 0
      return true
    },
  }
}

/**
 * Reads the date of an HTTP header, in any of the three forms that a recipient must accept. Nothing else is one:
 * `Date.parse` alone makes a day in May 2001 of `-5`.
 *
 * @returns Epoch milliseconds, or `undefined`.
 * @see RFC 9110 section 5.6.7
 */
export function parseHttpDate(text = ''): number | undefined {
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*[ ,].*\d\d:\d\d:\d\d/.test(text)) return undefined
  const epoch = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(epoch) ? undefined : epoch
}
