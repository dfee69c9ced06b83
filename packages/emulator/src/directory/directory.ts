import { type ApplicationChanges, createApplicationChanges } from './applications.ts'
import { type CredentialChanges, createCredentialChanges } from './credentials.ts'
import { createLookups, type Lookups } from './lookups.ts'
import { createPrincipalChanges, type PrincipalChanges } from './principals.ts'
import { createRecords, type Records } from './records.ts'
import { createTenantChanges, type TenantChanges } from './tenants.ts'

type Changes = TenantChanges & ApplicationChanges & PrincipalChanges & CredentialChanges

/** Everything the emulator knows about who exists and who may do what. In memory. */
export interface Directory extends Lookups, Changes {
  /** Several changes that are told of once, at the end. */
  change<T>(work: () => T): T
  /** Everything is replaced by what `fill` puts into an empty directory; nothing is, where it throws. */
  replace(fill: (empty: Directory) => void): void
}

/**
 * @param now - Epoch milliseconds.
 * @param changed - Told after every change, before whoever asked for it hears that it is done. What it throws, they get.
 */
export function createDirectory(now: () => number, changed: () => void = () => {}): Directory {
  const records = createRecords()
  let depth = 0
  function change<T>(work: () => T): T {
    depth += 1
    try {
      return work()
    } finally {
      depth -= 1
      if (depth === 0) changed()
    }
  }
  return {
    ...createLookups(records),
    ...told(change, changesOf(records, now)),
    change,
    replace(fill) {
      const draft = createRecords()
      fill({ ...createLookups(draft), ...changesOf(draft, now), change: (work) => work(), replace: () => {} })
      change(() => {
        refill(records.tenants, draft.tenants)
        refill(records.names, draft.names)
        records.weights = draft.weights
      })
    },
  }
}

function changesOf(records: Records, now: () => number): Changes {
  const principals = createPrincipalChanges(records, now)
  const applications = createApplicationChanges(records, principals, now)
  return {
    ...createTenantChanges(records),
    ...applications,
    ...principals,
    ...createCredentialChanges(records, now),
  }
}

/** Every change there is, so that none can be forgotten. */
function told(change: Directory['change'], changes: Changes): Changes {
  const wrapped = Object.entries(changes).map(([name, work]: [string, (...given: unknown[]) => unknown]) => [
    name,
    (...given: unknown[]) => change(() => work(...given)),
  ])
  return Object.fromEntries(wrapped) // of type any; built name by name from `changes`
}

function refill<K, V>(map: Map<K, V>, from: ReadonlyMap<K, V>): void {
  map.clear()
  for (const [key, value] of from) map.set(key, value)
}
