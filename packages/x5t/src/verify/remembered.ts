/** A map of bounded size. */
export interface Remembered<Key, Value> {
  get(key: Key): Value | undefined
  set(key: Key, value: Value): void
}

/**
 * Keeps at most `capacity` values (one more where that is odd), in two generations: when the young one is full it
 * becomes the old one, and what is asked for moves back to the young. What nobody asks for leaves, at no cost on the
 * way of a request.
 */
export function createRemembered<Key, Value>(capacity: number): Remembered<Key, Value> {
  const half = Math.ceil(capacity / 2)
  let young = new Map<Key, Value>()
  let old = new Map<Key, Value>()

  function set(key: Key, value: Value): void {
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
