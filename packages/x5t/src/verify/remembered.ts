/** A map of bounded size. */
export interface Remembered<T> {
  get(key: string): T | undefined
  set(key: string, value: T): void
}

/**
 * Keeps at most `capacity` values, in two generations: when the young one is full it becomes the old one, and what
 * is asked for moves back to the young. What nobody asks for leaves, at no cost on the way of a request.
 */
export function createRemembered<T>(capacity: number): Remembered<T> {
  const half = Math.ceil(capacity / 2)
  let young = new Map<string, T>()
  let old = new Map<string, T>()

  function set(key: string, value: T): void {
    if (young.size >= half) {
      old = young
      young = new Map()
    }
    young.set(key, value)
  }

  return {
    set,
    get(key) {
      const value = young.get(key)
      if (value !== undefined) return value
      const older = old.get(key)
      if (older !== undefined) set(key, older)
      return older
    },
  }
}
