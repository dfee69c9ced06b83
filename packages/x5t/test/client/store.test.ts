import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, before, beforeEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type ClientCredential, type ClientOptions, createClient, type Store } from '../../src/index.ts'
import { newCredential } from '../support/credential.ts'
import { deferred, settled } from '../support/deferred.ts'
import { storeIn } from '../support/memory-store.ts'
import { granted, refused, tokenService } from '../support/token-service.ts'

let credential: ClientCredential
let other: ClientCredential
before(async () => {
  ;[credential, other] = await Promise.all([newCredential(), newCredential()])
})

let now: number
let kept: Map<string, Uint8Array>
const said: { outcome: string }[] = []
const listen = (message: unknown) => said.push(message as { outcome: string }) // docs/events.md
beforeEach(() => {
  now = Date.UTC(2026, 0, 1)
  kept = new Map()
  said.length = 0
  subscribe('x5t:store', listen)
})
afterEach(() => unsubscribe('x5t:store', listen))

const memoryStore = () => storeIn(kept)
const scope = 'api/.default'
function client(fetch: typeof globalThis.fetch, options: Partial<ClientOptions> = {}) {
  const own = { tenant: 'contoso.com', clientId: 'app', credential, now: () => now, fetch }
  return createClient({ ...own, store: memoryStore(), ...options })
}

test('a second client reads what the first was given, with the same dates', async () => {
  const { asked, fetch } = tokenService()
  const store = memoryStore()
  const first = await client(fetch, { store }).getToken({ scope })
  const second = await client(fetch, { store }).getToken({ scope })
  assert.deepEqual(second, first)
  assert.equal(asked.length, 1)
  assert.deepEqual(said, [{ outcome: 'hit' }])
  for (const [name, value] of kept)
    assert.ok(!/token-1|api|app/.test(name + Buffer.from(value).toString('latin1')))
})

const others: [string, Partial<ClientOptions>, { scope: string } | { resource: string }][] = [
  ['another client id', { clientId: 'other' }, { scope }],
  ['another tenant', { tenant: 'fabrikam.com' }, { scope }],
  ['another authority', { authority: 'https://login.microsoftonline.us' }, { scope }],
  ['another scope', {}, { scope: 'other/.default' }],
  ['a v1 resource of that name', {}, { resource: scope }],
]
for (const [what, options, target] of others) {
  test(`${what} does not get the token`, async () => {
    const { asked, fetch } = tokenService()
    const store = memoryStore()
    await client(fetch, { store }).getToken({ scope })
    await client(fetch, { store, ...options }).getToken(target as { scope: string }) // one of both, as the type says
    assert.equal(asked.length, 2)
  })
}

test('a store sealed by another certificate is a miss, and both stay', async () => {
  const { asked, fetch } = tokenService()
  const store = memoryStore()
  await client(fetch, { store }).getToken({ scope })
  await client(fetch, { store, credential: other }).getToken({ scope })
  await client(fetch, { store }).getToken({ scope })
  assert.equal(asked.length, 2)
})

test('a store with one bit changed is a miss, and is written again', async () => {
  const { asked, fetch } = tokenService()
  const store = memoryStore()
  await client(fetch, { store }).getToken({ scope })
  for (const value of kept.values()) value[value.length - 1] = (value.at(-1) ?? 0) ^ 1
  assert.equal((await client(fetch, { store }).getToken({ scope })).accessToken, 'token-2')
  assert.equal((await client(fetch, { store }).getToken({ scope })).accessToken, 'token-2')
  assert.equal(asked.length, 2)
})

test('fifty clients at once make one request', async () => {
  const { asked, fetch } = tokenService(async (_, number) => {
    await pause(20)
    return granted(`token-${number}`)
  })
  const store = memoryStore()
  const steady = { now: undefined }
  const tokens = await Promise.all(
    Array.from({ length: 50 }, () => client(fetch, { store, ...steady }).getToken({ scope })),
  )
  assert.deepEqual(new Set(tokens.map(({ accessToken }) => accessToken)), new Set(['token-1']))
  assert.equal(asked.length, 1)
})

test('a token that was kept at a time that has not come is not believed: the clock was set back', async () => {
  const { asked, fetch } = tokenService()
  const store = memoryStore()
  await client(fetch, { store }).getToken({ scope })
  now -= 3_600_000
  await client(fetch, { store }).getToken({ scope })
  assert.equal(asked.length, 2)
})

test('what another kept while the lease was asked for is taken', async () => {
  const { asked, fetch } = tokenService()
  const store = memoryStore()
  const lease: Store['lease'] = async (...wanted) => {
    await client(fetch, { store }).getToken({ scope })
    return store.lease(...wanted)
  }
  const late = await client(fetch, { store: { ...store, lease } }).getToken({ scope })
  assert.equal(late.accessToken, 'token-1')
  assert.equal(asked.length, 1)
  assert.deepEqual(said, [{ outcome: 'hit' }])
})

test('a certificate that is replaced seals from then on, for all who have it', async () => {
  const { asked, fetch } = tokenService()
  const store = memoryStore()
  let current = credential
  const { getToken } = client(fetch, { store, credential: { current: async () => current } })
  await getToken({ scope })
  current = other
  await getToken({ scope: 'other/.default' })
  const shared = await client(fetch, { store, credential: other }).getToken({ scope: 'other/.default' })
  assert.equal(shared.accessToken, 'token-2')
  assert.equal(asked.length, 2)
})

test('the lease is given back when the service refuses', async () => {
  const { fetch } = tokenService(() => refused(400, { error: 'invalid_client' }))
  const store = memoryStore()
  await assert.rejects(client(fetch, { store }).getToken({ scope }))
  await assert.rejects(client(fetch, { store }).getToken({ scope }), { code: 'ERR_ENTRA_REFUSED' })
})

test('a signer without RS256 goes alone', async () => {
  const { asked, fetch } = tokenService()
  const { certificate, signer } = credential
  const pss = { certificate, signer: { sign: signer.sign, algorithms: ['PS256'] as const } }
  await client(fetch, { credential: pss }).getToken({ scope })
  assert.equal(asked.length, 1)
  assert.equal(kept.size, 0)
  assert.deepEqual(said, [{ outcome: 'unsealable' }])
})

test('a signer that fails once at sealing does not cost the store for good', async () => {
  const { fetch } = tokenService()
  const { certificate, signer } = credential
  let failures = 0
  const sign: typeof signer.sign = async (algorithm, data) => {
    if (algorithm === 'RS256' && failures++ === 0) throw new Error('the vault is busy')
    return signer.sign(algorithm, data)
  }
  const { getToken } = client(fetch, { credential: { certificate, signer: { ...signer, sign } } })
  await getToken({ scope })
  assert.equal(kept.size, 0)
  await getToken({ scope: 'other/.default' })
  assert.equal(kept.size, 1)
  assert.equal(said.filter(({ outcome }) => outcome === 'unavailable').length, 1)
})

test('the answer to a claims challenge replaces what is kept', async () => {
  const { asked, fetch } = tokenService()
  const store = memoryStore()
  await client(fetch, { store }).getToken({ scope })
  const [before] = kept.values()
  await client(fetch, { store }).getToken({ scope, claims: '{"access_token":{"nbf":{"value":"1"}}}' })
  while ([...kept.values()][0] === before) await settled() // behind the caller
  assert.equal((await client(fetch, { store }).getToken({ scope })).accessToken, 'token-2')
  assert.equal(asked.length, 2)
})

test('a slow answer from before a claims challenge does not replace that of the challenge', async () => {
  const slow = deferred<Response>()
  const { asked, fetch } = tokenService((_, number) => (number === 1 ? slow.promise : granted('challenged')))
  const store = memoryStore()
  const { getToken } = client(fetch, { store })
  const plain = getToken({ scope })
  while (asked.length === 0) await settled()
  await getToken({ scope, claims: '{"access_token":{"nbf":{"value":"1"}}}' })
  slow.resolve(granted('slow'))
  assert.equal((await plain).accessToken, 'slow')
  await settled()
  assert.equal((await client(fetch, { store }).getToken({ scope })).accessToken, 'challenged')
  assert.equal(asked.length, 2)
})

test('a slow answer for another token than the challenged one is kept', async () => {
  const slow = deferred<Response>()
  const { asked, fetch } = tokenService((_, number) => (number === 1 ? slow.promise : granted('challenged')))
  const store = memoryStore()
  const { getToken } = client(fetch, { store })
  const plain = getToken({ scope: 'other/.default' })
  while (asked.length === 0) await settled()
  await getToken({ scope, claims: '{"access_token":{"nbf":{"value":"1"}}}' })
  slow.resolve(granted('slow'))
  await plain
  assert.equal((await client(fetch, { store }).getToken({ scope: 'other/.default' })).accessToken, 'slow')
  assert.equal(asked.length, 2)
})

test('a slow write from before a claims challenge does not replace what the challenge was answered with', async () => {
  const { asked, fetch } = tokenService()
  const slow = deferred<void>()
  const store = memoryStore()
  let writes = 0
  const { getToken } = client(fetch, {
    store: {
      ...store,
      async set(...given) {
        if (++writes === 1) await slow.promise
        await store.set(...given)
      },
    },
  })
  await getToken({ scope })
  while (writes === 0) await settled()
  await getToken({ scope, claims: '{"access_token":{"nbf":{"value":"1"}}}' })
  await settled()
  slow.resolve()
  while (writes === 1) await settled()
  await settled()
  assert.equal((await client(fetch, { store }).getToken({ scope })).accessToken, 'token-2')
  assert.equal(asked.length, 2)
})

test('a write that fails keeps none behind it', async () => {
  const { fetch } = tokenService()
  const store = memoryStore()
  const slow = deferred<void>()
  let writes = 0
  const { getToken } = client(fetch, {
    store: {
      ...store,
      set: (...given) => (++writes === 1 ? slow.promise : store.set(...given)),
    },
  })
  await getToken({ scope })
  while (writes === 0) await settled()
  await getToken({ scope, claims: '{"access_token":{"nbf":{"value":"1"}}}' })
  slow.reject(new Error('gone'))
  while (kept.size === 0) await settled()
  assert.equal((await client(fetch, { store }).getToken({ scope })).accessToken, 'token-2')
})

test('a caller that gives up while another asks leaves at once', async () => {
  const store = { ...memoryStore(), lease: async () => undefined }
  const { fetch } = tokenService()
  const abort = new AbortController()
  const token = client(fetch, { store, now: undefined }).getToken({ scope, signal: abort.signal })
  setImmediate(() => abort.abort())
  await assert.rejects(token, { name: 'AbortError' })
})

test('nobody waits for another any longer once the caller left while the lease was asked for', async (t) => {
  const abort = new AbortController()
  let looks = 0
  const lease = async () => {
    looks++
    abort.abort()
    return undefined
  }
  const { fetch } = tokenService()
  const { getToken } = client(fetch, { store: { ...memoryStore(), lease } })
  t.mock.timers.enable({ apis: ['setTimeout'] })
  await assert.rejects(getToken({ scope, signal: abort.signal }), { name: 'AbortError' })
  await new Promise(setImmediate)
  t.mock.timers.tick(1_000)
  await new Promise(setImmediate)
  assert.equal(looks, 1)
})

test('what is no store is refused', () => {
  const { fetch } = tokenService()
  assert.throws(() => client(fetch, { store: {} as Store }), TypeError) // what a caller without types may give
})
