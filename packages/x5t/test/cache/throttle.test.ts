import assert from 'node:assert/strict'
import { mock, type TestContext, test } from 'node:test'
import { createTokenCache } from '../../src/cache/token-cache.ts'
import { TokenEndpointError, TransportError } from '../../src/errors.ts'
import { settled } from '../support/deferred.ts'

/** A cache for two keys, of a service that refuses; `asks` says whether a caller without a value asks it. */
function stage(context: TestContext) {
  context.mock.method(Math, 'random', () => 0)
  const time = { now: 0 }
  const wants = { retryAfterMs: 60_000, retryable: true }
  const acquire = mock.fn(async () => {
    throw new TokenEndpointError('ERR_ENTRA_THROTTLED', 'slow down', { status: 429, ...wants })
  })
  const cache = createTokenCache<object, string>({
    clock: { wall: () => 0, steady: () => time.now },
    acquire,
    maxEntries: 2,
    timeoutMs: 60_000,
    tooLate: () => new Error('late'),
  })
  const asks = async (key: string) => {
    const before = acquire.mock.callCount()
    await assert.rejects(cache.get(key, {}), { code: 'ERR_ENTRA_THROTTLED' })
    return acquire.mock.callCount() > before
  }
  return { cache, time, wants, asks }
}

test('throttled keys are bounded, and the one that was throttled first leaves first', async (context) => {
  const { asks } = stage(context)
  for (const key of ['a', 'b', 'c']) assert.equal(await asks(key), true)
  for (const key of ['b', 'c']) assert.equal(await asks(key), false)
  assert.equal(await asks('a'), true)
  assert.equal(await asks('c'), false)
  assert.equal(await asks('b'), true)
})

test('a key that is throttled again counts as the newest', async (context) => {
  const { cache, time, wants, asks } = stage(context)
  const refresh = async () => {
    assert.equal(await cache.get('a', {}), 'old')
    await settled()
  }
  cache.set('a', { value: 'old', expiresAt: 20_000, refreshAt: 0 })
  wants.retryAfterMs = 1_000
  await refresh()
  wants.retryAfterMs = 60_000
  await asks('b')
  time.now = 10_000
  await refresh()
  await asks('c')
  time.now = 20_000
  assert.equal(await asks('a'), false)
})

test('a key that is throttled no longer takes the place of no other', async (context) => {
  const { time, wants, asks } = stage(context)
  await asks('a')
  wants.retryAfterMs = 1_000
  await asks('b')
  time.now = 1_000
  wants.retryAfterMs = 0
  assert.equal(await asks('b'), true)
  wants.retryAfterMs = 60_000
  await asks('c')
  assert.equal(await asks('a'), false)
})

test('Retry-After: 0 throttles nothing, and takes the place of no other', async (context) => {
  const { wants, asks } = stage(context)
  await asks('a')
  wants.retryAfterMs = 0
  for (const key of ['b', 'b', 'c']) assert.equal(await asks(key), true)
  assert.equal(await asks('a'), false)
})

for (const [what, retryable, asked] of [
  ['a vault with the key is left alone for as long as it asks', true, 1],
  ['a failure that no wait mends throttles nothing', false, 2],
] as const) {
  test(what, async () => {
    const time = { now: 0 }
    const details = { retryAfterMs: 30_000, retryable }
    const busy = new TransportError('ERR_KEY_VAULT_UNAVAILABLE', 'busy', details)
    const acquire = mock.fn(() => Promise.reject(busy))
    const cache = createTokenCache<object, string>({
      clock: { wall: () => 0, steady: () => time.now },
      acquire,
      timeoutMs: 60_000,
      tooLate: () => new Error('late'),
    })
    await assert.rejects(cache.get('a', {}), busy)
    time.now = 10_000
    const error = await cache.get('a', {}).catch((reason: unknown) => reason)
    assert.equal(acquire.mock.callCount(), asked)
    assert.ok(error instanceof TransportError)
    if (retryable) {
      const { code, message, retryAfterMs, cause } = error
      const expected = ['ERR_KEY_VAULT_UNAVAILABLE', 'busy; ask again in 20 s', 20_000, busy]
      assert.deepEqual([code, message, retryAfterMs, cause], expected)
    }
    time.now = 30_000
    await assert.rejects(cache.get('a', {}), busy)
    assert.equal(acquire.mock.callCount(), asked + 1)
  })
}
