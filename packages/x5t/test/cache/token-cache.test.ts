import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTokenCache } from '../../src/cache/token-cache.ts'
import { TokenEndpointError } from '../../src/errors.ts'
import { stillClock } from '../support/service.ts'

const minute = 60_000
const settle = () => new Promise((resolve) => setImmediate(resolve))

/** A cache on a clock that stands still, and an `acquire` that counts and does what it is told. */
function createStage({ maxEntries = 10_000 } = {}) {
  const clock = stillClock()
  const cache = createTokenCache<string>({ clock, maxEntries })
  const calls: { signal: AbortSignal; resolve: (value: string) => void; reject: (error: unknown) => void }[] =
    []
  const acquire = (signal: AbortSignal) =>
    new Promise<{ value: string; expiresAt: number; refreshAt: number }>((resolve, reject) => {
      const sentAt = clock.steady()
      const answer = (value: string) =>
        resolve({ value, expiresAt: sentAt + 60 * minute, refreshAt: sentAt + 50 * minute })
      calls.push({ signal, resolve: answer, reject })
    })
  return {
    clock,
    cache,
    calls,
    acquire,
    get: (signal?: AbortSignal, key = 'k') => cache.get(key, acquire, signal),
  }
}

test('a thousand callers on a cold cache cause one request', async () => {
  const { get, calls } = createStage()
  const waiting = Array.from({ length: 1_000 }, () => get())
  calls[0]?.resolve('one')
  assert.deepEqual(new Set(await Promise.all(waiting)), new Set(['one']))
  assert.equal(calls.length, 1)
})

test('different keys do not share', async () => {
  const { get, calls } = createStage()
  const both = [get(undefined, 'a'), get(undefined, 'b')]
  calls[0]?.resolve('A')
  calls[1]?.resolve('B')
  assert.deepEqual(await Promise.all(both), ['A', 'B'])
})

test("one caller's abort touches no other, and its reason is its own", async () => {
  const { get, calls } = createStage()
  const controller = new AbortController()
  const leaving = get(controller.signal)
  const staying = get()
  controller.abort(new Error('mine'))
  await assert.rejects(leaving, /mine/)
  assert.equal(calls[0]?.signal.aborted, false)
  calls[0]?.resolve('one')
  assert.equal(await staying, 'one')
})

test('when the last caller leaves, the request is aborted, and the next caller starts a new one', async () => {
  const { get, calls } = createStage()
  const controllers = [new AbortController(), new AbortController()]
  const waiting = controllers.map(({ signal }) => get(signal))
  for (const controller of controllers) controller.abort(new Error('gone'))
  await Promise.allSettled(waiting)
  assert.equal(calls[0]?.signal.aborted, true)
  const next = get()
  calls[0]?.reject(new Error('late'))
  calls[1]?.resolve('two')
  assert.equal(await next, 'two')
})

test('a caller that has aborted already gets its reason, even on a hit', async () => {
  const { get, calls } = createStage()
  const first = get()
  calls[0]?.resolve('one')
  await first
  await assert.rejects(get(AbortSignal.abort(new Error('mine'))), /mine/)
})

test('a flight that fails is not remembered', async () => {
  const { get, calls } = createStage()
  const first = get()
  calls[0]?.reject(new Error('no'))
  await assert.rejects(first, /no/)
  const second = get()
  calls[1]?.resolve('two')
  assert.equal(await second, 'two')
})

test('past refreshAt the old token is returned at once and one request runs behind a hundred callers', async () => {
  const { get, calls, clock } = createStage()
  const first = get()
  calls[0]?.resolve('old')
  await first
  clock.pass(51 * minute)
  assert.deepEqual(new Set(await Promise.all(Array.from({ length: 100 }, () => get()))), new Set(['old']))
  assert.equal(calls.length, 2)
  calls[1]?.resolve('new')
  await settle()
  assert.equal(await get(), 'new')
})

test('a failed refresh is no caller’s error, backs off, and after the real end the reason comes out', async () => {
  const { get, calls, clock } = createStage()
  const first = get()
  calls[0]?.resolve('old')
  await first
  clock.pass(51 * minute)
  assert.equal(await get(), 'old')
  calls[1]?.reject(new Error('down'))
  await settle()
  assert.equal(await get(), 'old')
  assert.equal(calls.length, 2, 'it asked again without a pause')
  clock.pass(6_000)
  assert.equal(await get(), 'old')
  assert.equal(calls.length, 3)
  calls[2]?.reject(new Error('down'))
  await settle()
  clock.pass(9 * minute)
  const expired = get()
  calls[3]?.reject(new Error('still down'))
  await assert.rejects(expired, /still down/)
})

test('while Retry-After runs, callers without a token fail at once with what is left of it', async () => {
  const { get, calls, clock } = createStage()
  const first = get()
  const details = { status: 429, retryAfterMs: 30_000, retryable: true, correlationId: 'c' }
  calls[0]?.reject(new TokenEndpointError('ERR_ENTRA_THROTTLED', 'slow down', details))
  await assert.rejects(first)
  clock.pass(10_000)
  await assert.rejects(get(), { code: 'ERR_ENTRA_THROTTLED', retryAfterMs: 20_000, correlationId: 'c' })
  assert.equal(calls.length, 1)
  clock.pass(20_000)
  const later = get()
  calls[1]?.resolve('one')
  assert.equal(await later, 'one')
})

test('a full cache lets go of what nobody asked for, and keeps what was used', async () => {
  const { cache, get, calls, clock } = createStage({ maxEntries: 3 })
  const entry = (value: string) => ({
    value,
    expiresAt: clock.steady() + minute,
    refreshAt: clock.steady() + minute,
  })
  for (const key of ['a', 'b', 'c']) cache.set(key, entry(key))
  assert.equal(await get(undefined, 'a'), 'a')
  cache.set('d', entry('d'))
  assert.equal(cache.size, 3)
  assert.equal(await get(undefined, 'a'), 'a')
  void get(undefined, 'b').catch(() => {})
  assert.equal(calls.length, 1, 'b should have left')
})

test('expired tokens leave as others come', () => {
  const { cache, clock } = createStage()
  const entry = () => ({ value: 'x', expiresAt: clock.steady() + minute, refreshAt: clock.steady() + minute })
  for (let n = 0; n < 100; n++) cache.set(`old ${n}`, entry())
  clock.pass(2 * minute)
  for (let n = 0; n < 100; n++) cache.set(`new ${n}`, entry())
  assert.equal(cache.size, 100)
})
