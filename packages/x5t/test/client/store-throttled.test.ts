import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { type ClientOptions, createClient, type Store } from '../../src/index.ts'
import { newCredential } from '../support/credential.ts'
import { deferred, settled } from '../support/deferred.ts'
import { storeIn } from '../support/memory-store.ts'
import { granted, refused, tokenService } from '../support/token-service.ts'

/** What a store is to clients whom the service has told to wait. */

const scope = 'api/.default'
const credential = await newCredential()
const memoryStore = () => storeIn(new Map())

let now: number
beforeEach(() => {
  now = Date.UTC(2026, 0, 1)
})

function client(fetch: typeof globalThis.fetch, options: Partial<ClientOptions>) {
  const own = { tenant: 'contoso.com', clientId: 'app', credential, now: () => now, fetch }
  return createClient({ ...own, ...options } as ClientOptions) // of one kind, as own is
}

test('what the store takes is of the time of who waits: no Retry-After that ends behind it is waited for', async () => {
  const { fetch } = tokenService(() => refused(503, {}, { 'retry-after': '3' }))
  const slow: Store = {
    ...memoryStore(),
    async get() {
      now += 2_000
      return undefined
    },
  }
  const waiting = client(fetch, { store: slow, timeoutMs: 4_000 }).getToken({ scope })
  await assert.rejects(waiting, { code: 'ERR_ENTRA_UNAVAILABLE', retryAfterMs: 3_000 })
})

test('while Retry-After runs a token that another process was given is taken, and the service is not asked', async () => {
  const { asked, fetch } = tokenService((_, number) =>
    number === 1 ? refused(429, {}, { 'retry-after': '3600' }) : granted('theirs', { expires_in: 600 }),
  )
  const store = memoryStore()
  const throttled = client(fetch, { store })
  await assert.rejects(throttled.getToken({ scope }), { code: 'ERR_ENTRA_THROTTLED' })
  await assert.rejects(throttled.getToken({ scope }), {
    retryAfterMs: 3_600_000,
    message: /; ask again in 3600 s$/,
  })
  await client(fetch, { store }).getToken({ scope })
  assert.equal((await throttled.getToken({ scope })).accessToken, 'theirs')
  now += 599_000 // past its refreshAt
  assert.equal((await throttled.getToken({ scope })).accessToken, 'theirs')
  now += 1_000
  await assert.rejects(throttled.getToken({ scope }), { retryAfterMs: 3_000_000 })
  assert.equal(asked.length, 2)
})

test('what is found while Retry-After runs does not take the place of the answer to a challenge', async () => {
  const { fetch } = tokenService(({ form }, number) => {
    if (form.has('claims')) return granted('challenged')
    return number === 1 ? refused(429, {}, { 'retry-after': '60' }) : granted('revoked')
  })
  const looking = deferred<void>()
  const store = memoryStore()
  let waits = false
  const get: Store['get'] = async (name) => {
    const found = await store.get(name)
    if (waits) await looking.promise
    return found
  }
  const throttled = client(fetch, { store: { ...store, get } })
  await assert.rejects(throttled.getToken({ scope }), { code: 'ERR_ENTRA_THROTTLED' })
  await client(fetch, { store }).getToken({ scope })
  waits = true
  const plain = throttled.getToken({ scope })
  const claims = '{"access_token":{"nbf":{"value":"1"}}}'
  await throttled.getToken({ scope, claims })
  looking.resolve()
  assert.equal((await plain).accessToken, 'challenged')
  assert.equal((await throttled.getToken({ scope })).accessToken, 'challenged')
})

test('a Retry-After that ends while the store is looked into is over', async () => {
  const { asked, fetch } = tokenService((_, number) =>
    number === 1 ? refused(429, {}, { 'retry-after': '60' }) : granted('token'),
  )
  const store = memoryStore()
  const get = async () => {
    now += 1_900
    return undefined
  }
  const slow = client(fetch, { store: { ...store, get } })
  await assert.rejects(slow.getToken({ scope }), { code: 'ERR_ENTRA_THROTTLED' })
  now += 59_000
  assert.equal((await slow.getToken({ scope })).accessToken, 'token')
  assert.equal(asked.length, 2)
})

test('a token taken while Retry-After runs is renewed once that is over, and not before', async () => {
  const { asked, fetch } = tokenService((_, number) =>
    number === 1 ? refused(429, {}, { 'retry-after': '500' }) : granted('theirs', { expires_in: 600 }),
  )
  const store = memoryStore()
  const throttled = client(fetch, { store })
  await assert.rejects(throttled.getToken({ scope }), { code: 'ERR_ENTRA_THROTTLED' })
  await client(fetch, { store }).getToken({ scope })
  await throttled.getToken({ scope })
  now += 490_000 // past its refreshAt
  await throttled.getToken({ scope })
  await settled()
  assert.equal(asked.length, 2)
  now += 10_000
  await throttled.getToken({ scope })
  while (asked.length < 3) await settled()
})
