import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { after, before, beforeEach, test } from 'node:test'
import { adoptingSource } from '../../src/credential/adopting-source.ts'
import type { LoadedCredential } from '../../src/credential/load-credential.ts'
import { newCredential } from '../support/credential.ts'
import { deferred, settled } from '../support/deferred.ts'

const [old, next] = [await newCredential(), await newCredential()]
const heard: [outcome: string, code?: string][] = []
const listen = (message: unknown) => {
  const { outcome, error } = Object(message)
  heard.push(error === undefined ? [outcome] : [outcome, error.code])
}
before(() => subscribe('x5t:adoption', listen))
after(() => unsubscribe('x5t:adoption', listen))
beforeEach(() => {
  heard.length = 0
})

test('a look that takes too long is waited for once; what it finds serves when it is there', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const found = deferred<LoadedCredential | undefined>()
  const looks = context.mock.fn(() => found.promise)
  const source = adoptingSource(old, looks)
  const waiting = source.current()
  context.mock.timers.tick(2_000)
  assert.equal(await waiting, old)
  assert.equal(await source.current(), old)
  assert.deepEqual(heard, [['kept', 'ERR_TIMEOUT']])
  found.resolve(next)
  await settled()
  assert.equal(await source.current(), next)
  assert.equal(source.previous?.(), old)
  assert.deepEqual(heard.slice(1), [['loaded']])
  assert.equal(looks.mock.callCount(), 2)
})

test('a look in time leaves no timer behind', async (context) => {
  const set = context.mock.method(globalThis, 'setTimeout')
  const clear = context.mock.method(globalThis, 'clearTimeout')
  await adoptingSource(old, async () => undefined).current()
  const cleared = clear.mock.calls.map(({ arguments: [timer] }) => timer)
  assert.deepEqual(
    cleared,
    set.mock.calls.map(({ result }) => result),
  )
  assert.equal(cleared.length, 1)
})

test('another chain of the same certificate is taken, and is no other certificate', async () => {
  const withChain = { ...old, certificate: { ...old.certificate, chain: [next.certificate.der] } }
  const source = adoptingSource(old, async () => withChain)
  assert.deepEqual((await source.current()).certificate.chain, [next.certificate.der])
  assert.equal(source.previous?.(), undefined)
  assert.deepEqual(heard, [])
})
