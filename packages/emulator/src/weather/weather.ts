import { NotFoundError } from '../directory/control.ts'
import { DefinitionError } from '../directory/definition.ts'
import type { Directory } from '../directory/directory.ts'
import {
  type Fault,
  type FaultKind,
  type FaultOf,
  type NewFault,
  readFault,
  type WeatherEndpoint,
} from './fault.ts'
import { draw } from './random.ts'

/** A fault that waits for requests, or did so until it was spent. */
export type ArmedFault<K extends FaultKind = FaultKind> = ArmedFacts & { readonly [N in K]: FaultOf<N> }[K]

interface ArmedFacts {
  /** As in `x-emulator-weather`: `w1`, `w2` and so on. */
  readonly id: string
  /** Requests until it is spent; undefined where it lasts until it is cleared. */
  readonly remaining: number | undefined
  /** Requests that it met. */
  readonly hits: number
  /** ISO 8601, by the emulator's clock. */
  readonly armedAt: string
}

/** Faults that a test arms: what a service does on a bad day, at the moment the test chooses. */
export interface Weather {
  /** @throws DefinitionError for a fault that cannot be, or beside 100 others. */
  arm(fault: NewFault): ArmedFault
  /** Without an id: all of them. Throws NotFoundError (a RangeError) for an id that is not armed. */
  clear(id?: string): void
  /** In the order they were armed; the first one that fits a request meets it. */
  armed(): readonly ArmedFault[]
  /** Met as many requests as they were to, the latest last; no more than 100. */
  spent(): readonly ArmedFault[]
}

/** What a fault's scope is compared with. */
export interface Situation {
  readonly endpoint: Exclude<WeatherEndpoint, 'token'>
  /** As in the path or token; undefined where the request names none. */
  readonly tenant: string | undefined
  readonly appId: string | undefined
}

/** The weather as the routes see it. */
export interface Sky extends Weather {
  /** From code and from JSON alike, so it is read before it is believed. */
  arm(fault: unknown): ArmedFault
  /**
   * The first armed fault of one of the kinds that this request meets, which counts as a hit of that fault.
   *
   * @param matters - False where the fault would make no difference: it is then left as it is.
   */
  meet<K extends FaultKind>(
    kinds: readonly K[],
    situation: Situation,
    matters?: (fault: ArmedFault<K>) => boolean,
  ): ArmedFault<K> | undefined
}

/** An armed fault as it is kept, with what it has met. */
export interface KeptFault extends ArmedFacts {
  readonly fault: Fault
  /** The state of its chance: what comes next is drawn from it. */
  readonly chance: number
}

/** Where armed faults outlive the process. */
export interface FaultStore {
  read(): readonly KeptFault[]
  write(armed: readonly KeptFault[]): void
}

type Entry = Omit<KeptFault, 'chance'> & { chance: number }

/** At one time. */
export const mostFaults = 100

/** More than are ever counted. A higher id was written by hand, and counted on from it none would be left that is kept. */
const mostIds = 1e14

/**
 * @param now - Epoch milliseconds.
 * @param store - Default: none, faults end with the process.
 */
export function createWeather(directory: Directory, now: () => number, store?: FaultStore): Sky {
  let entries: readonly Entry[] = (store?.read() ?? []).map((kept) => ({ ...kept }))
  let spent: readonly ArmedFault[] = []
  let lastId = Math.max(0, ...entries.map(({ id }) => Number(id.slice(1))).filter((id) => id < mostIds))

  function change(following: readonly Entry[]): void {
    store?.write(following)
    entries = following
  }

  const sameTenant = (a: string, b: string) =>
    a.toLowerCase() === b.toLowerCase() ||
    (directory.findTenant(a) !== undefined && directory.findTenant(a) === directory.findTenant(b))

  function inScope({ tenant, appId, endpoint }: Fault, situation: Situation): boolean {
    if (endpoint !== undefined && !`${situation.endpoint}/`.startsWith(`${endpoint}/`)) return false
    if (appId !== undefined && appId !== situation.appId?.toLowerCase()) return false
    return tenant === undefined || (situation.tenant !== undefined && sameTenant(tenant, situation.tenant))
  }

  return {
    arm(given) {
      const fault = readFault(given, 'fault:')
      if (entries.length >= mostFaults)
        throw new DefinitionError('fault:', `${mostFaults} are armed already; clear some`)
      let id = lastId + 1
      while (entries.some((entry) => entry.id === `w${id}`)) id += 1
      const entry: Entry = {
        id: `w${id}`,
        fault,
        armedAt: new Date(now()).toISOString(),
        chance: fault.seed,
        remaining: fault.count,
        hits: 0,
      }
      change([...entries, entry])
      lastId = id
      return describe(entry)
    },
    clear(id) {
      if (id !== undefined && !entries.some((entry) => entry.id === id))
        throw new NotFoundError(`no fault ${id} is armed`)
      change(id === undefined ? [] : entries.filter((entry) => entry.id !== id))
    },
    armed: () => entries.map(describe),
    spent: () => spent,
    meet<K extends FaultKind>(
      kinds: readonly K[],
      situation: Situation,
      matters: (fault: ArmedFault<K>) => boolean = () => true,
    ) {
      for (const entry of entries) {
        if (!kinds.some((kind) => kind === entry.fault.kind) || !inScope(entry.fault, situation)) continue
        if (!matters(describe(entry) as ArmedFault<K>)) continue // as: its kind was just found among `kinds`
        const { value, next } = draw(entry.chance)
        entry.chance = next
        if (value >= entry.fault.probability) continue
        const remaining = entry.remaining === undefined ? undefined : entry.remaining - 1
        const met = { ...entry, remaining, hits: entry.hits + 1 }
        const left = remaining === 0 ? [] : [met]
        const following = entries.flatMap((other) => (other === entry ? left : [other]))
        // Without a count hits are only shown, and not worth a write each.
        if (remaining === undefined) entries = following
        else change(following)
        if (remaining === 0) spent = [...spent, describe(met)].slice(-mostFaults)
        return describe(met) as ArmedFault<K> // as above
      }
      return undefined
    },
  }
}

function describe({ id, fault, remaining, hits, armedAt }: Entry): ArmedFault {
  return { id, ...fault, remaining, hits, armedAt }
}
