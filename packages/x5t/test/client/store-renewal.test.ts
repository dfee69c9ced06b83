import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, before, beforeEach, test } from 'node:test'
import {
  type ClientCredential,
  type ClientOptions,
  createClient,
  type Signer,
  type Store,
} from '../../src/index.ts'
import { createVault } from '../../src/signer/key-vault/vault.ts'
import { newCredential } from '../support/credential.ts'
import { settled } from '../support/deferred.ts'
import { storeIn } from '../support/memory-store.ts'
import { granted, refused, tokenService } from '../support/token-service.ts'

const scope = 'api/.default'
/** Past every refreshAt of a token that lives an hour, and ten minutes before its end. */
const dueMs = 3_000_000

let credential: ClientCredential
before(async () => {
  credential = await newCredential()
})

let now: number
let store: Store
let refreshes: { failures: number; error?: { code: string } }[]
const listen = (message: unknown) => refreshes.push(message as (typeof refreshes)[number]) // docs/events.md
beforeEach(() => {
  now = Date.UTC(2026, 0, 1)
  store = storeIn(new Map())
  refreshes = []
  subscribe('x5t:refresh', listen)
})
afterEach(() => unsubscribe('x5t:refresh', listen))

function client(fetch: typeof globalThis.fetch, options: Partial<ClientOptions> = {}) {
  const own = { tenant: 'contoso.com', clientId: 'app', credential, now: () => now, fetch }
  return createClient({ ...own, store, ...options })
}
const accessToken = async (from: ReturnType<typeof client>) => (await from.getToken({ scope })).accessToken
const until = async (isTrue: () => boolean) => {
  while (!isTrue()) await settled()
}

test('a kept token that is due is given at once, and renewed behind the caller for everybody', async () => {
  const { asked, fetch } = tokenService()
  await accessToken(client(fetch))
  now += dueMs
  const cold = client(fetch)
  assert.equal(await accessToken(cold), 'token-1')
  await until(() => refreshes.length > 0)
  assert.deepEqual([await accessToken(cold), await accessToken(client(fetch))], ['token-2', 'token-2'])
  assert.equal(asked.length, 2)
  assert.equal(refreshes[0]?.failures, 0)
})

test('a kept token serves until it ends where the service fails, and the failure is told', async () => {
  const { asked, fetch } = tokenService((_, number) =>
    number > 1 ? refused(400, { error: 'invalid_client' }) : granted('token-1'),
  )
  await accessToken(client(fetch))
  now += dueMs
  assert.equal(await accessToken(client(fetch)), 'token-1')
  await until(() => refreshes.length > 0)
  assert.deepEqual([refreshes[0]?.failures, refreshes[0]?.error?.code], [1, 'ERR_ENTRA_REFUSED'])
  assert.equal(asked.length, 2)
  now += 600_000
  await assert.rejects(accessToken(client(fetch)), { code: 'ERR_ENTRA_REFUSED' })
})

test('a kept token that is due serves while the service is silent', async (context) => {
  const { asked, fetch } = tokenService((_, number) =>
    number > 1 ? new Promise(() => {}) : granted('token-1'),
  )
  await accessToken(client(fetch))
  now += dueMs
  context.mock.timers.enable({ apis: ['setTimeout'] })
  assert.equal(await accessToken(client(fetch)), 'token-1')
  await until(() => asked.length > 1)
  context.mock.timers.tick(30_000)
  await until(() => refreshes.length > 0)
  assert.deepEqual([refreshes[0]?.failures, refreshes[0]?.error?.code], [1, 'ERR_TIMEOUT'])
})

test('a kept token that is due serves while another process has the lease, for which its renewal waits', async (context) => {
  const { asked, fetch } = tokenService()
  await accessToken(client(fetch))
  now += dueMs
  context.mock.timers.enable({ apis: ['setTimeout'] })
  let looks = 0
  const lease = async () => {
    looks++
    return undefined
  }
  assert.equal(await accessToken(client(fetch, { store: { ...store, lease } })), 'token-1')
  for (const passed of [0, 22_499, 1]) {
    assert.equal(asked.length, 1)
    now += passed
    const seen = looks
    while (looks === seen) {
      context.mock.timers.tick(60)
      await settled()
    }
  }
  await until(() => refreshes.length > 0)
  assert.equal(asked.length, 2)
})

test('Retry-After holds for a client with a store as for one without', async () => {
  const { asked, fetch } = tokenService((_, number) =>
    number > 1 ? refused(429, {}, { 'retry-after': '300' }) : granted('token-1'),
  )
  const { getToken } = client(fetch)
  await getToken({ scope })
  now += dueMs
  for (const end = now + 300_000; now < end; now += 10_000) {
    await getToken({ scope })
    await until(() => refreshes.length > 0)
  }
  assert.equal(asked.length, 2)
  assert.deepEqual([refreshes.length, refreshes[0]?.failures], [1, 1])
  await getToken({ scope })
  await until(() => asked.length > 2)
})

/** A vault that answers the first signature with `Retry-After`; what it was asked to sign. */
function throttledVault(retryAfterSeconds: number) {
  const signed: string[] = []
  const vault = createVault({
    origin: 'https://contoso.vault.azure.net',
    scope: 'https://vault.azure.net/.default',
    credential: { getToken: async () => ({ token: 'of the vault' }) },
    now: () => now,
    async exchange({ body }) {
      const isFirst = signed.push(JSON.parse(String(body)).alg) === 1
      const headers: Record<string, string> = isFirst ? { 'retry-after': String(retryAfterSeconds) } : {}
      return { status: isFirst ? 429 : 200, headers, body: Buffer.from('{}') }
    },
  })
  const sign: Signer['sign'] = async (alg, data) => {
    await vault('POST', '/keys/app/1/sign', { alg })
    return credential.signer.sign(alg, data)
  }
  return { signed, using: { certificate: credential.certificate, signer: { sign } } }
}

test('a vault that is throttled is asked by nobody until its Retry-After is over, and its seal serves then', async () => {
  const { asked, fetch } = tokenService()
  const { signed, using } = throttledVault(60)
  const { getToken } = client(fetch, { credential: using })
  const throttled = { code: 'ERR_KEY_VAULT_UNAVAILABLE', retryAfterMs: 60_000 }
  await assert.rejects(getToken({ scope }), throttled)
  now += 20_000
  for (const wanted of [scope, scope, 'other/.default']) {
    await assert.rejects(getToken({ scope: wanted }), { ...throttled, retryAfterMs: 40_000 })
  }
  assert.deepEqual([signed, asked.length], [['RS256'], 0])
  now += 40_000
  assert.equal((await getToken({ scope: 'other/.default' })).accessToken, 'token-1')
  assert.deepEqual(signed, ['RS256', 'RS256', 'PS256'])
  assert.equal((await client(fetch).getToken({ scope: 'other/.default' })).accessToken, 'token-1')
})

test('a vault whose Retry-After ends in time is waited for', async (context) => {
  const { fetch } = tokenService()
  const { signed, using } = throttledVault(5)
  context.mock.timers.enable({ apis: ['setTimeout'] })
  let given = ''
  client(fetch, { credential: using })
    .getToken({ scope })
    .then(({ accessToken }) => {
      given = accessToken
    })
  await until(() => signed.length > 0)
  await settled()
  now += 4_999
  context.mock.timers.tick(4_999)
  await settled()
  assert.deepEqual(signed, ['RS256'])
  now += 751
  context.mock.timers.tick(751)
  await until(() => given !== '')
  assert.deepEqual([signed, given], [['RS256', 'PS256'], 'token-1'])
})
