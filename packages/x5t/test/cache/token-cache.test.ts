import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TokenEndpointError } from '../../src/errors.ts'
import { settled } from '../support/deferred.ts'
import { boom, stage, throttled } from './stage.ts'
import './refresh.ts'

test('a living value is returned without asking, the same promise each time', async () => {
  const { get, work } = stage()
  await get('a')
  assert.equal(get('a'), get('a'))
  assert.equal(await get('a'), 'value 1')
  assert.equal(work.mock.callCount(), 1)
})

test('while Retry-After runs, callers without a value fail at once with the remaining time, and nobody asks', async () => {
  const { get, time, work } = stage(async () => {
    throw throttled(30_000)
  })
  await assert.rejects(get('a'), { retryAfterMs: 30_000 })
  time.now += 12_499.5 // the steady clock counts parts of a millisecond
  const error = await get('a').catch((thrown: unknown) => thrown)
  assert.ok(error instanceof TokenEndpointError)
  assert.deepEqual(
    [error.code, error.status, error.error, error.retryAfterMs, error.retryable, error.hint],
    ['ERR_ENTRA_THROTTLED', 429, 'temporarily_unavailable', 17_501, true, 'wait'],
  )
  assert.equal(error.message, 'slow down; ask again in 18 s')
  assert.equal(work.mock.callCount(), 1)
  await assert.rejects(get('b'), { retryAfterMs: 30_000 })
  time.now += 17_500.5
  await assert.rejects(get('a'), { retryAfterMs: 30_000 })
  assert.equal(work.mock.callCount(), 3)
})

test('Retry-After beside a refusal for good holds nobody back', async () => {
  const refusal = { status: 400, retryAfterMs: 3_600_000, retryable: false }
  const { get, work } = stage(() =>
    Promise.reject(new TokenEndpointError('ERR_ENTRA_REFUSED', 'no', refusal)),
  )
  for (let call = 0; call < 2; call++) await assert.rejects(get('a'), { code: 'ERR_ENTRA_REFUSED' })
  assert.equal(work.mock.callCount(), 2)
})

test('a value that is set ends the throttling of its key', async () => {
  const { cache, get, time, work } = stage(async () => {
    throw throttled(30_000)
  })
  await assert.rejects(get('a'))
  cache.set('a', { value: 'given', expiresAt: time.now + 1_000, refreshAt: time.now + 1_000 })
  assert.equal(await get('a'), 'given')
  time.now += 1_000
  await assert.rejects(get('a'), { retryAfterMs: 30_000 })
  assert.equal(work.mock.callCount(), 2)
})

test('an expired value is never returned, to the millisecond', async () => {
  const { get, time } = stage()
  await get('a')
  time.now += 99_999
  assert.equal(await get('a'), 'value 1')
  time.now += 1
  assert.equal(await get('a'), 'value 2')
})

test('an aborted signal is refused before anything else, even where a value lives', async () => {
  const { cache, get } = stage()
  await get('a')
  await assert.rejects(cache.get('a', { name: 'a' }, AbortSignal.abort(boom)), boom)
})

test('the size is bounded; what was asked for stays, what nobody asked for leaves', async () => {
  const { cache, get } = stage(undefined, 100)
  for (let index = 0; index < 100; index++) await get(`first ${index}`)
  for (let index = 0; index < 150; index++) {
    await get('first 7')
    await get(`second ${index}`)
    assert.ok(cache.size <= 100)
  }
  assert.equal(await get('first 7'), 'value 8')
  assert.notEqual(await get('first 8'), 'value 9')
})

test('10,000 values are kept where nobody says how many', () => {
  const { cache } = stage()
  for (let index = 0; index <= 10_000; index++)
    cache.set(`key ${index}`, { value: 'x', expiresAt: 1e9, refreshAt: 1e9 })
  assert.equal(cache.size, 10_000)
})

test('where every value is in use a new one stays and the oldest leaves', async () => {
  const { get, work } = stage(undefined, 3)
  for (const key of ['a', 'b', 'c', 'a', 'b', 'c', 'new', 'new']) await get(key)
  assert.equal(work.mock.callCount(), 4)
})

test('expired values leave as others come, also from behind one that lives', async () => {
  const { cache, get, time } = stage()
  cache.set('long', { value: 'x', expiresAt: time.now + 1e9, refreshAt: time.now + 1e9 })
  cache.set('longer', { value: 'x', expiresAt: time.now + 1e9, refreshAt: time.now + 1e9 })
  for (let index = 0; index < 1_000; index++) await get(`old ${index}`)
  time.now += 100_000
  for (let index = 0; index < 1_100; index++) await get(`new ${index}`)
  assert.equal(cache.size, 1_102)
})

test('one that comes looks at two others, however many there are', async () => {
  const { cache, get, time } = stage()
  for (let index = 0; index < 1_000; index++) await get(`old ${index}`)
  time.now += 100_000
  for (let index = 0; index < 100; index++) {
    const before = cache.size
    await get(`new ${index}`)
    assert.ok(cache.size >= before - 1, `${before - cache.size + 1} left at once`)
  }
})

test('a day of refreshes: always a living value, one request each 80 s, never a wait', async () => {
  const { get, time, work } = stage()
  await get('a')
  const start = time.now
  for (; time.now < start + 86_400_000; time.now += 20_000) {
    const before = work.mock.callCount()
    await get('a')
    await settled()
    assert.ok(work.mock.callCount() <= before + 1)
  }
  assert.equal(work.mock.callCount(), 86_400 / 80)
})
