import type { Store } from '../../src/index.ts'

/** A store in memory: five lines for whoever brings his own. */
export function storeIn(kept: Map<string, Uint8Array>): Store {
  const leases = new Set<string>()
  return {
    get: async (name) => kept.get(name),
    set: async (name, value) => void kept.set(name, value),
    async lease(name) {
      if (leases.has(name)) return undefined
      leases.add(name)
      return { release: async () => void leases.delete(name) }
    },
  }
}
