import { DefinitionError, flag, instant, optional, record } from '../directory/definition.ts'
import { duration } from './duration.ts'

/** The clock by which the emulator judges and issues. It can be moved, so that what takes a year is tested at once. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** @param by - Seconds, or an ISO 8601 duration such as `PT5M`; negative ones go back. */
  advance(by: number | string): void
  /** @param at - ISO 8601, or epoch milliseconds. The clock goes on from there. */
  set(at: string | number): void
  /** Stands still from now on, though it can still be moved. */
  freeze(): void
  /** Goes on from where it stands. */
  thaw(): void
  /** Back to the clock it started with, and going. */
  reset(): void
  describe(): DescribedClock
}

export interface DescribedClock {
  /** ISO 8601. */
  readonly now: string
  /** How far it is ahead of the clock it started with. */
  readonly offsetSeconds: number
  readonly frozen: boolean
}

/** Beyond these a date has no four-digit year, and much that reads dates goes wrong. */
const earliest = 0
const latest = Date.parse('9999-12-31T23:59:59Z')

/** What moves a clock away from its base. */
export interface ClockPosition {
  /** How far it is ahead of its base, or of the instant of the base at which it stands still. */
  readonly offsetMs: number
  /** Epoch milliseconds, by the base; undefined while it goes. */
  readonly frozenAt?: number | undefined
}

/** Where a clock's position outlives the process. */
export interface ClockStore {
  read(): ClockPosition
  write(position: ClockPosition): void
}

/**
 * @param base - The clock that this one follows until it is moved, epoch milliseconds.
 * @param store - Default: none, the clock begins with its base.
 */
export function createClock(base: () => number, store?: ClockStore): Clock {
  let position: ClockPosition = store?.read() ?? { offsetMs: 0 }
  const still = () => position.frozenAt ?? base()
  const now = () => still() + position.offsetMs
  function change(following: ClockPosition): void {
    store?.write(following)
    position = following
  }
  function move(to: number, path: string): void {
    if (!(to >= earliest && to <= latest))
      throw new DefinitionError(path, 'leads beyond the years 1970 to 9999')
    change({ ...position, offsetMs: to - still() })
  }
  return {
    now,
    advance: (by) => move(now() + duration(by, 'clock: advance'), 'clock: advance'),
    set: (at) => move(typeof at === 'number' ? at : instant(at, 'clock: set'), 'clock: set'),
    freeze: () => change({ ...position, frozenAt: still() }),
    thaw() {
      if (position.frozenAt !== undefined) change({ offsetMs: now() - base() })
    },
    reset: () => change({ offsetMs: 0 }),
    describe: () => ({
      now: new Date(now()).toISOString(),
      offsetSeconds: Math.round(now() - base()) / 1000,
      frozen: position.frozenAt !== undefined,
    }),
  }
}

const readMove = record({
  advance: optional(duration, undefined),
  set: optional(instant, undefined),
  reset: optional(flag, false),
  frozen: optional(flag, undefined),
})

/** A change as JSON: one of `advance`, `set` and `reset: true`, with or without `frozen`, or `frozen` alone. */
export function moveClock(clock: Clock, given: unknown): void {
  const { advance, set, reset, frozen } = readMove(given, 'clock:')
  const moves = [advance !== undefined, set !== undefined, reset].filter(Boolean).length
  if (moves > 1) throw new DefinitionError('clock:', 'expected one of advance, set and reset')
  if (moves === 0 && frozen === undefined)
    throw new DefinitionError('clock:', 'expected advance, set, reset or frozen')
  if (reset) clock.reset()
  if (advance !== undefined) clock.advance(advance / 1000)
  if (set !== undefined) clock.set(set)
  if (frozen === true) clock.freeze()
  if (frozen === false) clock.thaw()
}
