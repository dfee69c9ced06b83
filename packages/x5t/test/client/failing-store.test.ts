import assert from 'node:assert/strict'
import { sign } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, before, beforeEach, test } from 'node:test'
import {
  type ClientCredential,
  createClient,
  generateCertificate,
  loadCertificate,
  type Signer,
  type Store,
} from '../../src/index.ts'
import { rsaPadding } from '../../src/signer/rsa-padding.ts'
import { deferred, settled } from '../support/deferred.ts'
import { storeIn } from '../support/memory-store.ts'
import { tokenService } from '../support/token-service.ts'

const scope = 'api/.default'
let credential: ClientCredential
before(async () => {
  const { certificatePem, privateKeyPem: key } = await generateCertificate({ commonName: 'x5t test' })
  const certificate = await loadCertificate({ pem: certificatePem })
  // In no time, by the clocks of these tests: a thread would take some that they do not count.
  const signer: Signer = {
    sign: async (algorithm, data) => sign('sha256', data, { key, ...rsaPadding[algorithm] }),
  }
  credential = { certificate, signer }
})

let said: { outcome: string; error?: unknown }[]
const listen = (message: unknown) => said.push(message as (typeof said)[number]) // docs/events.md
beforeEach(() => {
  said = []
  subscribe('x5t:store', listen)
})
afterEach(() => unsubscribe('x5t:store', listen))

function client(fetch: typeof globalThis.fetch, members: Partial<Store>) {
  const store = { ...storeIn(new Map()), ...members }
  return createClient({ tenant: 'contoso.com', clientId: 'app', credential, fetch, store })
}

const broken = new Error('gone')
const failing = (fail: () => Promise<never>): [string, Partial<Store>][] => [
  ['cannot be read', { get: fail }],
  ['cannot be written', { set: fail }],
  ['gives no lease', { lease: fail }],
  ['does not take its lease back', { lease: async () => ({ release: fail }) }],
]
for (const [what, members] of failing(() => Promise.reject(broken))) {
  test(`a store that ${what} is passed over, and an event says so`, async () => {
    const { asked, fetch } = tokenService()
    assert.equal((await client(fetch, members).getToken({ scope })).accessToken, 'token-1')
    assert.equal(asked.length, 1)
    await settled()
    assert.deepEqual(said, [{ outcome: 'unavailable', error: broken }])
  })
}

for (const given of ['sealed', '', 0, false, {}]) {
  const what = typeof given
  test(`a store that gives ${JSON.stringify(given)} in place of bytes is passed over, and an event says why`, async () => {
    const { asked, fetch } = tokenService()
    const get = async () => given as never // as JavaScript may
    assert.equal((await client(fetch, { get }).getToken({ scope })).accessToken, 'token-1')
    assert.equal(asked.length, 1)
    assert.deepEqual(
      said.map(({ outcome, error }) => [outcome, String(error)]),
      [['unavailable', `TypeError: get of the store must give a Uint8Array or undefined, not a ${what}`]],
    )
  })
}

test('a store that says null for nothing works', async () => {
  const { asked, fetch } = tokenService()
  const kept = new Map<string, Uint8Array>()
  const get = async (name: string) => kept.get(name) ?? (null as never) // as Redis clients do
  const store = { ...storeIn(kept), get }
  assert.equal((await client(fetch, store).getToken({ scope })).accessToken, 'token-1')
  assert.equal((await client(fetch, store).getToken({ scope })).accessToken, 'token-1')
  assert.deepEqual([asked.length, said], [1, [{ outcome: 'hit' }]])
})

for (const none of [null, false]) {
  test(`a lease that is ${none} is held by another`, async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] })
    const { asked, fetch } = tokenService()
    const store = storeIn(new Map())
    const lease: Store['lease'] = async (...wanted) => (await store.lease(...wanted)) ?? (none as never) // in JavaScript
    const clients = Array.from({ length: 6 }, () => client(fetch, { ...store, lease }))
    // Each loads code when it first asks, which takes a time of its own.
    for (const { getToken } of clients) await getToken({ scope: 'loading/.default' })
    let given = 0
    for (const { getToken } of clients) getToken({ scope }).then(() => given++)
    await until(() => {
      context.mock.timers.tick(60)
      return given === clients.length
    })
    const asking = asked.map(({ form }) => form.get('scope'))
    assert.deepEqual(asking, ['loading/.default', scope])
  })
}

test('a store that throws where it should reject is passed over too', async () => {
  const { fetch } = tokenService()
  const get = () => {
    throw broken
  }
  assert.equal((await client(fetch, { get }).getToken({ scope })).accessToken, 'token-1')
  assert.deepEqual(said, [{ outcome: 'unavailable', error: broken }])
})

const until = async (isTrue: () => boolean) => {
  while (!isTrue()) await settled()
}

let hanging = 0
const hang = () => {
  hanging++
  return new Promise<never>(() => {})
}
for (const [index, [what, members]] of failing(hang).entries()) {
  const isWaitedFor = index % 2 === 0
  test(`a store that hangs where another ${what} is passed over ${isWaitedFor ? 'after 2 s' : 'at once'}`, async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] })
    hanging = 0
    const { asked, fetch } = tokenService()
    let token = ''
    client(fetch, members)
      .getToken({ scope })
      .then(({ accessToken }) => {
        token = accessToken
      })
    await until(() => hanging > 0)
    context.mock.timers.tick(1_999)
    await until(() => isWaitedFor || token !== '')
    assert.deepEqual([token !== '', said.length], [!isWaitedFor, 0])
    context.mock.timers.tick(1)
    await until(() => token !== '' && said.length > 0)
    assert.deepEqual([token, asked.length], ['token-1', 1])
    assert.deepEqual(
      said.map(({ outcome, error }) => [outcome, (error as Error).message]), // as docs/events.md has it
      [['unavailable', 'no answer from the store within 2 s']],
    )
  })
}

test('what is given is kept behind the caller, and the lease goes back after that', async () => {
  const { fetch } = tokenService()
  const written = deferred<void>()
  const steps: string[] = []
  const { getToken } = client(fetch, {
    set() {
      steps.push('set')
      return written.promise
    },
    lease: async () => ({
      async release() {
        steps.push('release')
      },
    }),
  })
  await getToken({ scope })
  await settled()
  assert.deepEqual(steps, ['set'])
  written.resolve()
  await settled()
  assert.deepEqual(steps, ['set', 'release'])
})

test('the answer to a claims challenge does not wait for the store', async () => {
  const { fetch } = tokenService()
  const { getToken } = client(fetch, { set: () => new Promise(() => {}) })
  const claims = '{"access_token":{"nbf":{"value":"1"}}}'
  assert.equal((await getToken({ scope, claims })).accessToken, 'token-1')
})

test('a lease that comes too late is given back', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const { fetch } = tokenService()
  const late = deferred<{ release(): Promise<void> }>()
  let released = 0
  const lease = () => {
    hanging++
    return late.promise
  }
  hanging = 0
  const given = client(fetch, { lease }).getToken({ scope })
  await until(() => hanging > 0)
  context.mock.timers.tick(2_000)
  await given
  late.resolve({
    async release() {
      released++
    },
  })
  await settled()
  assert.equal(released, 1)
})

test('a signer that hangs once at sealing costs the store half the time of one caller, and no other caller', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const { fetch } = tokenService()
  const { certificate, signer } = credential
  let seals = 0
  const sign: typeof signer.sign = async (algorithm, data) =>
    algorithm === 'RS256' && seals++ === 0 ? new Promise(() => {}) : signer.sign(algorithm, data)
  const kept = new Map()
  const store = storeIn(kept)
  const hung = { certificate, signer: { ...signer, sign } }
  const { getToken } = createClient({
    tenant: 'contoso.com',
    clientId: 'app',
    credential: hung,
    fetch,
    store,
  })
  const first = getToken({ scope })
  await until(() => seals === 1)
  context.mock.timers.tick(15_000)
  assert.equal((await first).accessToken, 'token-1')
  assert.deepEqual([kept.size, said.length], [0, 1])
  await getToken({ scope: 'other/.default' })
  await until(() => kept.size === 1)
})

test('neither a signer nor a store that hangs keeps a process whose caller has left', async () => {
  const { fetch } = tokenService()
  const { certificate, signer } = credential
  let seals = 0
  const sign: typeof signer.sign = (...wanted) => {
    if (wanted[0] !== 'RS256') return signer.sign(...wanted)
    seals++
    return hang()
  }
  hanging = 0
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  for (const using of [{ certificate, signer: { ...signer, sign } }, credential]) {
    const leaver = new AbortController()
    const own = { tenant: 'contoso.com', clientId: 'app', credential: using, fetch }
    const { getToken } = createClient({ ...own, store: { ...storeIn(new Map()), get: hang } })
    const leaving = assert.rejects(getToken({ scope, signal: leaver.signal }), { name: 'AbortError' })
    const hung = hanging
    await until(() => hanging > hung)
    leaver.abort()
    await leaving
  }
  assert.deepEqual([seals, timers()], [1, before])
})
