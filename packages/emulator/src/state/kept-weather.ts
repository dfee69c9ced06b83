import type { ClockPosition, ClockStore } from '../clock/clock.ts'
import {
  DefinitionError,
  instant,
  list,
  number,
  oneOf,
  optional,
  type Reader,
  record,
  text,
} from '../directory/definition.ts'
import type { replaceFile } from '../file/kept-file.ts'
import { readFault } from '../weather/fault.ts'
import { type FaultStore, type KeptFault, mostFaults } from '../weather/weather.ts'
import { fromDataFolder } from './from-data-folder.ts'
import { keptJson } from './kept-json.ts'

interface Conditions {
  readonly clock: ClockPosition
  readonly armed: readonly KeptFault[]
}

/** Clock and armed faults in a file of their own: the directory's changes only where the directory does. */
export function keptWeather(
  path: string,
  replace: typeof replaceFile,
): { readonly clock: ClockStore; readonly faults: FaultStore } {
  const file = keptJson(path, replace)
  const kept = file.read()
  let conditions: Conditions =
    kept === undefined
      ? { clock: { offsetMs: 0 }, armed: [] }
      : fromDataFolder(() => readConditions(kept, `${path}:`))
  function keep(changes: Partial<Conditions>): void {
    const following = { ...conditions, ...changes }
    file.write(written(following))
    conditions = following
  }
  return {
    clock: { read: () => conditions.clock, write: (clock) => keep({ clock }) },
    faults: { read: () => conditions.armed, write: (armed) => keep({ armed }) },
  }
}

function written({ clock, armed }: Conditions): object {
  const { offsetMs, frozenAt } = clock
  const at = frozenAt === undefined ? {} : { frozenAt: new Date(frozenAt).toISOString() }
  return { version: 1, clock: { offsetMs, ...at }, armed }
}

/** Of the 8,030 years that the clock can be moved by. */
const farthestMs = 253_402_300_799_000

const faultId: Reader<string> = (value, path) => {
  const given = text(value, path)
  if (!/^w\d{1,15}$/.test(given)) throw new DefinitionError(path, 'expected an id such as w1')
  return given
}

const instantText: Reader<string> = (value, path) => {
  instant(value, path)
  return text(value, path)
}

const countFrom = (minimum: number) => number({ minimum, maximum: Number.MAX_SAFE_INTEGER, whole: true })

const keptFault: Reader<KeptFault> = record({
  id: faultId,
  armedAt: instantText,
  remaining: optional(countFrom(1), undefined),
  hits: countFrom(0),
  chance: number({ minimum: 0, maximum: 4_294_967_295, whole: true }),
  fault: readFault,
})

const keptFaults: Reader<readonly KeptFault[]> = (value, path) => {
  const faults = list(keptFault)(value, path)
  if (faults.length > mostFaults) throw new DefinitionError(path, `expected at most ${mostFaults}`)
  return faults
}

const readConditions: Reader<Conditions> = record({
  version: oneOf(1),
  clock: record({
    offsetMs: number({ minimum: -farthestMs, maximum: farthestMs }),
    frozenAt: optional(instant, undefined),
  }),
  armed: keptFaults,
})
