import { createRemembered } from './remembered.ts'

/** What was found out about verified tokens. */
export interface TokenMemory<T> {
  /**
   * @param digest - SHA-256 of what the signature covers, a character for each byte.
   * @param signature - As it stands in the token.
   */
  find(digest: string, signature: string): T | undefined
  /** Remembers `value` if the token was kept before: from its second time on. */
  keep(digest: string, signature: Buffer, value: T): void
}

/**
 * Remembers `capacity` tokens that come more than once. One that comes only once leaves a number behind: it takes no
 * room in the heap and pushes out nothing that is asked for.
 */
export function createTokenMemory<T>(capacity: number): TokenMemory<T> {
  if (capacity === 0) return { find: () => undefined, keep() {} }
  const cameOnce = createRemembered<number, true>(capacity)
  /** By digest, then by signature: found by its hash, it does not tell by time how much of a forged one is right. */
  const remembered = createRemembered<string, ReadonlyMap<string, T>>(capacity)

  return {
    find: (digest, signature) => remembered.get(digest)?.get(signature),
    keep(digest, signature, value) {
      const mark = markOf(digest)
      // Encoded anew, for the text that came is a slice of the token and would keep all of it.
      if (cameOnce.get(mark)) remembered.set(digest, new Map([[signature.toString('base64url'), value]]))
      else cameOnce.set(mark, true)
    },
  }
}

/** 30 bits of it, a number that V8 keeps in place. Of two tokens that share them, the second is remembered at once. */
function markOf(digest: string): number {
  const byte = (at: number) => digest.charCodeAt(at)
  return (byte(0) << 22) | (byte(1) << 14) | (byte(2) << 6) | (byte(3) >> 2)
}
