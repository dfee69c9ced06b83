import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import { pause, type StopSignal, stopWithin } from '../../src/internal/stop.ts'

const boom = new Error('boom')

test('a pause that ends leaves no listener on the signal', async () => {
  const { signal } = new AbortController()
  await pause(1, signal)
  assert.deepEqual(getEventListeners(signal, 'abort'), [])
})

test('an abort ends a pause at once with its reason, and the timer with it', async (context) => {
  const clear = context.mock.method(globalThis, 'clearTimeout')
  const leaver = new AbortController()
  const waiting = pause(60_000, leaver.signal)
  leaver.abort(boom)
  await assert.rejects(waiting, boom)
  assert.equal(clear.mock.callCount(), 1)
})

test('under a signal that has aborted no pause begins', async (context) => {
  const set = context.mock.method(globalThis, 'setTimeout')
  await assert.rejects(pause(60_000, AbortSignal.abort(boom)), boom)
  assert.equal(set.mock.callCount(), 0)
})

test('a part that is let go ends alone, and leaves no listener', () => {
  const { signal: outer } = new AbortController()
  const { signal, letGo } = stopWithin(outer)
  letGo()
  assert.deepEqual([signal.aborted, outer.aborted], [true, false])
  assert.deepEqual(getEventListeners(outer, 'abort'), [])
})

test('a part ends with the whole, for its reason, and has not begun where that has ended', () => {
  const leaver = new AbortController()
  const before = stopWithin(leaver.signal)
  leaver.abort(boom)
  for (const { signal } of [before, stopWithin(leaver.signal)])
    assert.deepEqual([signal.aborted, signal.reason], [true, boom])
})

test('what goes wrong in a part, and for whom it waits, is told to the whole, and its time is that of the whole', () => {
  const outer: StopSignal & { until?: number } = new AbortController().signal
  const { signal } = stopWithin(outer)
  const failure = { error: boom, at: 5 }
  signal.failure = failure
  signal.waitsFor = 'the signer'
  outer.until = 7
  assert.deepEqual([outer.failure, signal.failure], [failure, failure])
  assert.deepEqual([outer.waitsFor, signal.until], ['the signer', 7])
})
