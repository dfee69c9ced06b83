import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { mock, test } from 'node:test'
import { createSingleFlight } from '../../src/cache/single-flight.ts'
import type { StopSignal } from '../../src/internal/stop.ts'
import { deferred, settled } from '../support/deferred.ts'

const boom = new Error('boom')
const late = new Error('late')
let now = 0

/** Flights whose request is the work itself. */
type Work = (signal: StopSignal) => Promise<string>
const create = (timeoutMs = 60_000) =>
  createSingleFlight<Work, string>({
    work: (_key, request, signal) => request(signal),
    timeoutMs,
    tooLate: () => late,
    clock: { wall: () => now, steady: () => now },
  })
const never: Work = () => new Promise(() => {})

test('a thousand callers cause one piece of work and share its result', async () => {
  const flights = create()
  const work = mock.fn(async () => 'done')
  const results = await Promise.all(Array.from({ length: 1_000 }, () => flights.join('key', work)))
  assert.equal(work.mock.callCount(), 1)
  assert.deepEqual(new Set(results), new Set(['done']))
})

test('different keys fly apart', async () => {
  const flights = create()
  const results = await Promise.all(['one', 'two'].map((key) => flights.join(key, async () => key)))
  assert.deepEqual(results, ['one', 'two'])
})

test('nothing is remembered: after a success or a failure the next caller starts anew', async () => {
  const flights = create()
  await assert.rejects(
    flights.join('key', () => Promise.reject(boom)),
    boom,
  )
  assert.equal(await flights.join('key', async () => 'first'), 'first')
  assert.equal(await flights.join('key', async () => 'second'), 'second')
})

for (const [what, given] of [
  ['a controller in place of its signal', new AbortController()],
  ['a signal that takes no listener back', { aborted: false, addEventListener() {} }],
] as const) {
  test(`${what} begins nothing that could fail unseen`, () => {
    const work = mock.fn(() => Promise.reject(boom))
    const signal = given as unknown as AbortSignal // what a caller without types may give
    const expected = { name: 'TypeError', message: 'signal must be an AbortSignal' }
    assert.throws(() => create().join('key', work, signal), expected)
    assert.equal(work.mock.callCount(), 0)
  })
}

test('one waiter aborts, with its own reason at once, and the others get the result', async () => {
  const flights = create()
  const { promise, resolve } = deferred<string>()
  const leaver = new AbortController()
  let flight: StopSignal | undefined
  const work: Work = (signal) => {
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
  const flights = create()
  const work = mock.fn(never)
  const leavers = [new AbortController(), new AbortController()]
  const waiting = leavers.map(({ signal }) => flights.join('key', work, signal))
  for (const leaver of leavers) leaver.abort(boom)
  const next = flights.join('key', async () => 'anew')
  for (const one of waiting) await assert.rejects(one, boom)
  assert.equal(work.mock.calls[0]?.arguments[0].reason, boom)
  assert.equal(await next, 'anew')
})

test('a signal is listened to while anybody waits under it, though another is done, or all were before', async () => {
  const flights = create()
  const leaver = new AbortController()
  await flights.join('before', async () => 'done', leaver.signal)
  await settled()
  const waiting = flights.join('slow', never, leaver.signal)
  await flights.join('quick', async () => 'done', leaver.signal)
  await settled()
  leaver.abort(boom)
  await assert.rejects(Promise.race([waiting, settled()]), boom)
})

test('a signal that aborts after the result has come reaches no work', async () => {
  const flights = create()
  const work = mock.fn<Work>(async () => 'done')
  const leaver = new AbortController()
  assert.equal(await flights.join('key', work, leaver.signal), 'done')
  await settled()
  leaver.abort(boom)
  assert.equal(work.mock.calls[0]?.arguments[0].aborted, false)
})

test('a signal that aborts while the work starts is seen', async () => {
  const leaver = new AbortController()
  const work: Work = (signal) => {
    leaver.abort(boom)
    return never(signal)
  }
  await assert.rejects(create().join('key', work, leaver.signal), boom)
})

test('an abandoned flight that lands late does not end its successor', async () => {
  const flights = create()
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

test('waiters are told in time, whatever the work does, each by its own; whoever comes later starts anew', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const pass = (ms: number) => {
    now += ms
    context.mock.timers.tick(ms)
  }
  const flights = create(1_000)
  const work = mock.fn(never)
  const first = flights.join('key', work)
  pass(5)
  const friend = flights.join('key', work)
  pass(595)
  const second = flights.join('key', work, new AbortController().signal)
  pass(400)
  await assert.rejects(first, late)
  await assert.rejects(friend, late)
  assert.equal(work.mock.calls[0]?.arguments[0].aborted, false)
  pass(600)
  await assert.rejects(second, late)
  assert.equal(work.mock.calls[0]?.arguments[0].reason, late)
  assert.equal(await flights.join('key', async () => 'anew'), 'anew')
})

test('where others left who had come with them, late waiters have their time all the same', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const flights = create(1_000)
  const first = flights.join('key', never)
  now += 500
  context.mock.timers.tick(500)
  const leaver = new AbortController()
  const leaving = flights.join('key', never, leaver.signal)
  leaver.abort(boom)
  await assert.rejects(leaving, boom)
  const last = flights.join('key', never)
  context.mock.timers.tick(500)
  await assert.rejects(first, late)
  context.mock.timers.tick(500)
  await assert.rejects(last, late)
})

test('a signal that aborts because others waited too long is counted once', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const flights = create(1_000)
  const work = mock.fn(never)
  const leaver = new AbortController()
  const first = flights.join('key', work).catch(() => leaver.abort(boom))
  const under = flights.join('key', work, leaver.signal)
  now += 500
  context.mock.timers.tick(500)
  const others = [new AbortController(), new AbortController()]
  const waiting = others.map(({ signal }) => flights.join('key', work, signal))
  context.mock.timers.tick(500)
  await first
  await assert.rejects(under)
  others[0]?.abort(boom)
  await assert.rejects(Promise.race(waiting), boom)
  assert.equal(work.mock.calls[0]?.arguments[0].aborted, false)
  context.mock.timers.tick(500)
  await assert.rejects(waiting[1] ?? first, late)
})

test('who waits too long is told the last failure of the work', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const tooLate = mock.fn(({ failure }: StopSignal) => (failure?.error === boom ? late : boom))
  const failure = { error: boom, at: 1 }
  const work = (_key: string, _request: string, signal: StopSignal) => {
    signal.failure = failure
    return new Promise<string>(() => {})
  }
  const clock = { wall: () => now, steady: () => now }
  const waiting = createSingleFlight({ clock, work, timeoutMs: 1_000, tooLate }).join('key', 'request')
  context.mock.timers.tick(1_000)
  await assert.rejects(waiting, late)
  assert.equal(tooLate.mock.callCount(), 1)
})

test('when the last waiter leaves no timer stays, though the work never ends', async (context) => {
  const set = context.mock.method(globalThis, 'setTimeout')
  const clear = context.mock.method(globalThis, 'clearTimeout')
  const leaver = new AbortController()
  const waiting = create().join('key', never, leaver.signal)
  leaver.abort(boom)
  await assert.rejects(waiting, boom)
  assert.equal(set.mock.callCount(), 1)
  assert.deepEqual(clear.mock.calls[0]?.arguments, [set.mock.calls[0]?.result])
})

test('a signal under which nobody waits any longer is not listened to, and may be waited under again', async () => {
  const flights = create()
  const { signal } = new AbortController()
  for (let round = 0; round < 2; round++) {
    assert.equal(await flights.join('key', async () => 'done', signal), 'done')
    await settled()
    assert.equal(getEventListeners(signal, 'abort').length, 0)
  }
})

for (const [how, work] of [
  ['a result', async () => 'done'],
  ['a failure', () => Promise.reject(boom)],
] as const) {
  test(`${how} leaves no timer behind`, async (context) => {
    const set = context.mock.method(globalThis, 'setTimeout')
    const clear = context.mock.method(globalThis, 'clearTimeout')
    await create()
      .join('key', work)
      .catch(() => {})
    assert.deepEqual(
      clear.mock.calls.map(({ arguments: [timer] }) => timer),
      set.mock.calls.map(({ result }) => result),
    )
    assert.equal(set.mock.callCount(), 1)
  })
}

test('a thousand waiters under one signal add one listener, and Node warns of no leak', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warning.name.startsWith('MaxListeners') && warnings.push(warning)
  process.on('warning', onWarning)
  const flights = create()
  const { signal } = new AbortController()
  const listen = mock.method(signal, 'addEventListener')
  const keys = Array.from({ length: 1_000 }, (_, index) => `key ${index % 50}`)
  await Promise.all(keys.map((key) => flights.join(key, async () => key, signal)))
  await settled()
  process.off('warning', onWarning)
  assert.equal(listen.mock.callCount(), 1)
  assert.deepEqual(warnings, [])
})
