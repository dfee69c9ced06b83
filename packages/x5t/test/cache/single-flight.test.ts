import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { createSingleFlight, withinTime } from '../../src/cache/single-flight.ts'
import { deferred, settled } from '../support/deferred.ts'

const boom = new Error('boom')

test('a thousand callers cause one piece of work and share its result', async () => {
  const flights = createSingleFlight<string>()
  const work = mock.fn(async () => 'done')
  const results = await Promise.all(Array.from({ length: 1_000 }, () => flights.join('key', work)))
  assert.equal(work.mock.callCount(), 1)
  assert.deepEqual(new Set(results), new Set(['done']))
})

test('different keys fly apart', async () => {
  const flights = createSingleFlight<string>()
  const [one, two] = await Promise.all(['one', 'two'].map((key) => flights.join(key, async () => key)))
  assert.deepEqual([one, two], ['one', 'two'])
})

test('nothing is remembered: after a success or a failure the next caller starts anew', async () => {
  const flights = createSingleFlight<string>()
  await assert.rejects(
    flights.join('key', () => Promise.reject(boom)),
    boom,
  )
  assert.equal(await flights.join('key', async () => 'first'), 'first')
  assert.equal(await flights.join('key', async () => 'second'), 'second')
})

test('one waiter aborts, with its own reason at once, and the others get the result', async () => {
  const flights = createSingleFlight<string>()
  const { promise, resolve } = deferred<string>()
  const leaver = new AbortController()
  let flight: AbortSignal | undefined
  const work = (signal: AbortSignal) => {
    flight = signal
    return promise
  }
  const leaving = flights.join('key', work, leaver.signal)
  const staying = flights.join('key', work, new AbortController().signal)
  const plain = flights.join('key', work)
  leaver.abort(boom)
  await assert.rejects(leaving, boom)
  assert.equal(flight?.aborted, false)
  resolve('done')
  assert.deepEqual(await Promise.all([staying, plain]), ['done', 'done'])
})

test('the work is aborted when the last waiter leaves, and the next caller starts anew', async () => {
  const flights = createSingleFlight<string>()
  const signals: AbortSignal[] = []
  const never = (signal: AbortSignal) => {
    signals.push(signal)
    return new Promise<string>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  }
  const leavers = [new AbortController(), new AbortController()]
  const waiting = leavers.map(({ signal }) => flights.join('key', never, signal))
  for (const leaver of leavers) leaver.abort(boom)
  for (const one of waiting) await assert.rejects(one, boom)
  assert.equal(signals[0]?.aborted, true)
  assert.equal(signals[0]?.reason, boom)
  assert.equal(await flights.join('key', async () => 'anew'), 'anew')
})

test('a signal that aborts while the work starts is seen', async () => {
  const leaver = new AbortController()
  const work = () => {
    leaver.abort(boom)
    return new Promise<never>(() => {})
  }
  await assert.rejects(createSingleFlight<string>().join('key', work, leaver.signal), boom)
})

test('an abandoned flight that lands late does not end its successor', async () => {
  const flights = createSingleFlight<string>()
  const old = deferred<string>()
  const leaver = new AbortController()
  const left = flights.join('key', () => old.promise, leaver.signal)
  leaver.abort(boom)
  await assert.rejects(left, boom)
  const next = deferred<string>()
  const waiting = flights.join('key', () => next.promise)
  old.resolve('old')
  await settled()
  const joined = flights.join('key', async () => 'a third')
  next.resolve('next')
  assert.deepEqual(await Promise.all([waiting, joined]), ['next', 'next'])
})

test('a thousand waiters under one signal add one listener, and Node warns of no leak', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warnings.push(warning)
  process.on('warning', onWarning)
  const flights = createSingleFlight<string>()
  const { signal } = new AbortController()
  const listen = mock.method(signal, 'addEventListener')
  const keys = Array.from({ length: 1_000 }, (_, index) => `key ${index % 50}`)
  await Promise.all(keys.map((key) => flights.join(key, async () => key, signal)))
  await settled()
  process.off('warning', onWarning)
  assert.equal(listen.mock.callCount(), 1)
  assert.deepEqual(warnings, [])
})

test('withinTime: the waiter is told in time, whatever the work does', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  let bounds: AbortSignal | undefined
  const hangs = withinTime(
    (signal) => {
      bounds = signal
      return new Promise(() => {})
    },
    1_000,
    () => boom,
    undefined,
  )
  context.mock.timers.tick(1_000)
  await assert.rejects(hangs, boom)
  assert.equal(bounds?.reason, boom)
})

test('withinTime: an abort reaches waiter and work at once, before the start too', async () => {
  const leaver = new AbortController()
  const work = mock.fn((_: AbortSignal) => new Promise<never>(() => {}))
  const waiting = withinTime(work, 1_000, () => new Error('late'), leaver.signal)
  leaver.abort(boom)
  await assert.rejects(waiting, boom)
  assert.equal(work.mock.calls[0]?.arguments[0].reason, boom)
  await assert.rejects(
    withinTime(work, 1_000, () => new Error('late'), leaver.signal),
    boom,
  )
  assert.equal(work.mock.callCount(), 1)
})

for (const [how, work] of [
  ['a result', async () => 'done'],
  ['a failure', () => Promise.reject(boom)],
] as const) {
  test(`withinTime: ${how} leaves no timer and no listener behind`, async () => {
    const { signal } = new AbortController()
    const clear = mock.method(globalThis, 'clearTimeout')
    const off = mock.method(signal, 'removeEventListener')
    await withinTime(work, 60_000, () => new Error('late'), signal).catch(() => {})
    await settled()
    assert.equal(clear.mock.callCount(), 1)
    assert.equal(off.mock.callCount(), 1)
    mock.restoreAll()
  })
}
