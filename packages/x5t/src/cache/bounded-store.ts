import { types } from 'node:util'
import { TransportError } from '../errors.ts'
import { inTime } from '../internal/in-time.ts'
import type { Store } from './store.ts'

/**
 * The same store, whose calls fail after `limitMs`: one that hangs, as a Redis client that queues while it is offline
 * or a file system whose server is gone, is passed over as one that fails is. So is one that gives something else than
 * bytes; `null` is nothing, as such clients have it, and any false value is no lease.
 */
export function boundedStore(store: Store, limitMs: number): Store {
  const bounded = <T>(call: Promise<T>) => inTime(call, limitMs, noAnswerFrom('the store'))

  return {
    get: async (name) => bytesOf(await bounded(attempt(() => store.get(name)))),
    set: (name, value, expiresAt) => bounded(attempt(() => store.set(name, value, expiresAt))),
    async lease(name, ttlMs) {
      const asked = attempt(() => store.lease(name, ttlMs))
      try {
        const lease = await bounded(asked)
        return lease ? { release: () => bounded(attempt(() => lease.release())) } : undefined
      } catch (error) {
        // One that comes late would keep others from asking until its time is over.
        asked.then((late) => late?.release()).catch(() => {})
        throw error
      }
    },
  }
}

/** What {@link inTime} throws of `whom`. */
export function noAnswerFrom(whom: string): (within: string) => TransportError {
  return (within) => new TransportError('ERR_TIMEOUT', `no answer from ${whom} ${within}`)
}

/** A store in plain JavaScript may throw where it should reject. */
async function attempt<T>(call: () => Promise<T>): Promise<T> {
  return call()
}

/** @throws TypeError for text, which Redis clients give unless they are told otherwise: no token would ever be found. */
function bytesOf(value: unknown): Uint8Array | undefined {
  if (value === undefined || value === null) return undefined
  if (types.isUint8Array(value)) return value
  throw new TypeError(`get of the store must give a Uint8Array or undefined, not a ${typeof value}`)
}
