import { createRemembered } from './remembered.ts'

/** What was found out about verified tokens. */
export interface TokenMemory<T> {
  /**
   * @param digest - SHA-256 of what the signature covers, a character for each byte.
   * @param signature - As it stands in the token.
   */
  find(digest: string, signature: string): T | undefined
  /** Remembers `value` if the token was kept before: from its second time on, mostly. */
  keep(digest: string, signature: Buffer, value: T): void
}

/**
 * Remembers `capacity` tokens that come more than once. One that comes only once leaves a number behind: it takes no
 * room in the heap and pushes out nothing that is asked for.
 */
export function createTokenMemory<T>(capacity: number): TokenMemory<T> {
  if (capacity === 0) return { find: () => undefined, keep() {} }
  const cameOnce = new Uint32Array(capacity)
  const remembered = createRemembered<string, { readonly signature: string; readonly value: T }>(capacity)

  return {
    find(digest, signature) {
      const known = remembered.get(digest)
      // The engine compares blocks of memory, so the time does not help to find a signature character by character.
      return known?.signature === signature ? known.value : undefined
    },
    keep(digest, signature, value) {
      const mark = firstBits(digest)
      const at = mark % capacity
      if (cameOnce[at] === mark) {
        // Encoded anew, for the text that came is a slice of the token and would keep all of it.
        remembered.set(digest, { signature: signature.toString('base64url'), value })
      } else if (cameOnce[at] === 0 || Math.random() < 0.5) {
        // By chance, or busy tokens that share a place would push each other out in turn.
        cameOnce[at] = mark
      }
    },
  }
}

/** 30 of them, a number that V8 keeps in place. Of two tokens that share them, the second is remembered at once. */
function firstBits(digest: string): number {
  const byte = (at: number) => digest.charCodeAt(at)
  return (byte(0) << 22) | (byte(1) << 14) | (byte(2) << 6) | (byte(3) >> 2)
}
