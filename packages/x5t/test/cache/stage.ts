import { mock } from 'node:test'
import { type Cached, createTokenCache } from '../../src/cache/token-cache.ts'
import { TokenEndpointError } from '../../src/errors.ts'

export const boom = new Error('boom')

/** A cache over a clock that the test moves. Values live 100 s and are due for renewal after 80 s. */
export function stage(acquire?: (request: string) => Promise<string>, maxEntries?: number) {
  const time = { now: 1_000_000 }
  let made = 0
  const work = mock.fn(acquire ?? (async () => `value ${++made}`))
  const onRefresh = mock.fn((_request: { name: string }, _failures: number, _error?: unknown) => {})
  const cache = createTokenCache<{ name: string }, string>({
    clock: { wall: () => 0, steady: () => time.now },
    async acquire({ name }): Promise<Cached<string>> {
      const sentAt = time.now
      const value = await work(name)
      return { value, expiresAt: sentAt + 100_000, refreshAt: sentAt + 80_000 }
    },
    onRefresh,
    maxEntries,
    timeoutMs: 60_000,
    tooLate: () => new Error('late'),
  })
  return { cache, time, work, onRefresh, get: (key: string) => cache.get(key, { name: key }) }
}

export const throttled = (retryAfterMs: number) =>
  new TokenEndpointError('ERR_ENTRA_THROTTLED', 'slow down', {
    status: 429,
    error: 'temporarily_unavailable',
    retryAfterMs,
    retryable: true,
    hint: 'wait',
  })
