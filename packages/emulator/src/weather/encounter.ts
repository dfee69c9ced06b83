import type { FaultKind } from './fault.ts'
import type { ArmedFault, Situation, Sky } from './weather.ts'

/** One request under the sky: it meets faults, and keeps the ids of those it met. */
export interface Encounter {
  readonly situation: Situation
  /** In the order met. */
  readonly met: readonly string[]
  /** As `Sky.meet`, for this request. */
  meet<K extends FaultKind>(
    kinds: readonly K[],
    matters?: (fault: ArmedFault<K>) => boolean,
  ): ArmedFault<K> | undefined
}

export function createEncounter(sky: Sky, situation: Situation): Encounter {
  const met: string[] = []
  return {
    situation,
    met,
    meet(kinds, matters) {
      const fault = sky.meet(kinds, situation, matters)
      if (fault !== undefined) met.push(fault.id)
      return fault
    },
  }
}

/**
 * `x-emulator-weather: armed w1 latency, w2 outage; met w2`, so that nobody debugs a fault they forgot; no header
 * where nothing is armed.
 *
 * @param armed - As the request found them.
 */
export function armedHeader(
  armed: readonly ArmedFault[],
  met: readonly string[] = [],
): Readonly<Record<string, string>> {
  if (armed.length === 0) return {}
  const shown = armed.slice(0, 10).map(({ id, kind }) => `${id} ${kind}`)
  const more = armed.length > shown.length ? [`and ${armed.length - shown.length} more`] : []
  const faults = `armed ${[...shown, ...more].join(', ')}`
  return { 'x-emulator-weather': met.length === 0 ? faults : `${faults}; met ${met.join(', ')}` }
}
