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
 * room in the heap and pushes out nothing that is asked for. Where two tokens share that number, one of them is checked
 * once more or once less.
 */
export function createTokenMemory<T>(capacity: number): TokenMemory<T> {
  const remembered = createRemembered<T>(capacity)
  const cameOnce = new Uint32Array(capacity)

  return {
    find(digest, signature) {
      const mark = firstBits(digest)
      if (cameOnce[mark % capacity] !== mark) return undefined
      return remembered.get(digest + signature)
    },
    keep(digest, signature, value) {
      const mark = firstBits(digest)
      const at = mark % capacity
      // Encoded anew, for the text that came is a slice of the token and would keep all of it.
      if (cameOnce[at] === mark) remembered.set(digest + signature.toString('base64url'), value)
      else cameOnce[at] = mark
    },
  }
}

/** 32 of them, as a number. */
function firstBits(digest: string): number {
  let bits = 0
  for (let at = 0; at < 4; at++) bits = bits * 256 + digest.charCodeAt(at)
  return bits
}
