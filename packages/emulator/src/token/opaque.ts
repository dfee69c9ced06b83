import { randomFillSync } from 'node:crypto'

const pool = Buffer.alloc(4096)
let used = pool.length

/** Random text that nobody reads, of so many bytes (48 at most). Drawn by the page: a draw for each claim costs more than the claim. */
export function opaque(bytes: number, encoding: 'base64' | 'base64url' = 'base64url'): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString(encoding, used - bytes, used)
}
