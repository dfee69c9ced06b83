import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundedStore } from '../../src/cache/bounded-store.ts'
import { storeIn } from '../support/memory-store.ts'

test('a call of a store that ended leaves no timer behind, well or badly', async (context) => {
  const set = context.mock.method(globalThis, 'setTimeout')
  const clear = context.mock.method(globalThis, 'clearTimeout')
  const failing = () => Promise.reject(new Error('gone'))
  const store = boundedStore({ ...storeIn(new Map()), set: failing }, 2_000)
  await store.get('a')
  await (await store.lease('a', 30_000))?.release()
  await assert.rejects(store.set('a', Buffer.of(1), 0), { message: 'gone' })
  await Promise.resolve()
  assert.equal(set.mock.callCount(), 4)
  assert.deepEqual(
    clear.mock.calls.map(({ arguments: [timer] }) => timer),
    set.mock.calls.map(({ result }) => result),
  )
})
