/**
 * Where clients on one machine, or in a fleet, share what one of them was given. A store sees opaque names and sealed
 * bytes only. What it cannot do it throws, and what it does not do within 2 s, or within an eighth of `timeoutMs` where
 * that is less, counts as that; a client then goes on alone.
 */
export interface Store {
  /** @returns What was kept under `name`, or `undefined`; text in place of bytes counts as a failure. */
  get(name: string): Promise<Uint8Array | undefined>
  /** Keeps `value` in place of what was there. @param expiresAt - Epoch milliseconds; after that it may be removed. */
  set(name: string, value: Uint8Array, expiresAt: number): Promise<void>
  /**
   * The right to ask the service for `name`, which one holds at a time.
   *
   * @param ttlMs - Whoever holds it longer has died.
   * @returns `undefined` while somebody else holds it.
   */
  lease(name: string, ttlMs: number): Promise<Lease | undefined>
}

export interface Lease {
  release(): Promise<void>
}
