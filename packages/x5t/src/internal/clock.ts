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
 * `performance.now()` stops on Linux while the machine sleeps. When the wall clock has run ahead of it, either the
 * clock was set or the machine slept; the system's uptime, which counts sleep, tells which.
 */
export function createClock(now?: (() => number) | undefined): Clock {
  if (now !== undefined) return { wall: now, steady: now }
  return clockOf({ wall: Date.now, monotonic: () => performance.now(), uptimeSeconds: uptime })
}

/** As {@link createClock}, over given readings. */
export function clockOf(readings: {
  wall: () => number
  monotonic: () => number
  uptimeSeconds: () => number
}): Clock {
  const { wall, monotonic, uptimeSeconds } = readings
  let sleptMs = 0
  let lead = wall() - monotonic()
  let awake = uptimeSeconds() * 1_000 - monotonic()

  return {
    wall,
    steady() {
      const ticks = monotonic()
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
