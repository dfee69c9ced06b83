import assert from 'node:assert/strict'
import { test } from 'node:test'
import { peekToken } from '../../src/client/peek-token.ts'
import { createClient } from '../../src/index.ts'
import { newCredential } from '../support/credential.ts'
import { deferred } from '../support/deferred.ts'
import { storeIn } from '../support/memory-store.ts'
import { tokenService } from '../support/token-service.ts'

test('peekToken gives what a client keeps until that is due, or while it lives, asks nobody, and passes over a store that fails', async () => {
  const { asked, fetch } = tokenService()
  let now = Date.UTC(2026, 0, 1)
  const store = storeIn(new Map())
  const own = { tenant: 'contoso.com', clientId: 'app', credential: await newCredential(), now: () => now }
  const scope = 'api/.default'
  assert.equal(await peekToken({ ...own, store }, { scope }), undefined)
  const token = await createClient({ ...own, fetch, store }).getToken({ scope })
  assert.deepEqual(await peekToken({ ...own, store }, { scope }), token)
  const broken = { ...store, get: () => Promise.reject(new Error('gone')) }
  assert.equal(await peekToken({ ...own, store: broken }, { scope }), undefined)
  now = token.refreshAt
  assert.equal(await peekToken({ ...own, store }, { scope }), undefined)
  assert.deepEqual(await peekToken({ ...own, store, due: true }, { scope }), token)
  now = token.expiresAt
  assert.equal(await peekToken({ ...own, store, due: true }, { scope }), undefined)
  assert.equal(asked.length, 1)
})

test('peekToken gives the token of client.fetch where that is asked for, and only there', async () => {
  const { fetch } = tokenService()
  const store = storeIn(new Map())
  const own = { tenant: 'contoso.com', clientId: 'app', credential: await newCredential(), store }
  const scope = 'api/.default'
  let sent: string | null = null
  const client = createClient({
    ...own,
    fetch(input, init) {
      const request = new Request(input, init)
      if (!request.url.startsWith('https://api.example/')) return fetch(input, init)
      sent = request.headers.get('authorization')
      return Promise.resolve(new Response())
    },
  })
  await client.fetch('https://api.example/', { scope })
  assert.equal(await peekToken(own, { scope }), undefined)
  const kept = await peekToken(own, { scope, answersChallenges: true })
  assert.equal(sent, `Bearer ${kept?.accessToken}`)
})

test('peekToken takes a source of credentials, as a client does', async () => {
  const { fetch } = tokenService()
  const credential = await newCredential()
  const own = {
    tenant: 'contoso.com',
    clientId: 'app',
    credential: { current: async () => credential },
    store: storeIn(new Map()),
  }
  const token = await createClient({ ...own, fetch }).getToken({ scope: 'api/.default' })
  assert.deepEqual(await peekToken(own, { scope: 'api/.default' }), token)
})

test('peekToken passes over a source that hangs', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const credential = { current: () => new Promise<never>(() => {}) }
  const own = { tenant: 'contoso.com', clientId: 'app', credential, store: storeIn(new Map()) }
  const peeked = peekToken(own, { scope: 'api/.default' })
  context.mock.timers.tick(30_000)
  assert.equal(await peeked, undefined)
})

for (const name of ['store', 'credential', 'clientId']) {
  test(`peekToken without ${name} says that it needs one`, async () => {
    const own = {
      tenant: 'contoso.com',
      clientId: 'app',
      credential: await newCredential(),
      store: storeIn(new Map()),
    }
    const lacking = { ...own, [name]: undefined } // as JavaScript may call it
    await assert.rejects(peekToken(lacking, { scope: 'api/.default' }), {
      name: 'TypeError',
      message: new RegExp(`^${name} must be `),
    })
  })
}

test('peekToken without options says what it needs', async () => {
  const peek = peekToken as (options?: unknown) => Promise<unknown> // as JavaScript sees it
  await assert.rejects(peek(), {
    name: 'TypeError',
    message: /needs \{ store, tenant, clientId, credential \}$/,
  })
})

test('a process that has nothing else to do stays until peekToken has its answer, and no longer', async () => {
  const asked = deferred<void>()
  const answer = deferred<undefined>()
  const get = () => {
    asked.resolve()
    return answer.promise
  }
  const store = { ...storeIn(new Map()), get }
  const own = { tenant: 'contoso.com', clientId: 'app', credential: await newCredential(), store }
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  const peeked = peekToken(own, { scope: 'api/.default' })
  await asked.promise
  assert.equal(timers(), before + 1)
  answer.resolve(undefined)
  assert.equal(await peeked, undefined)
  assert.equal(timers(), before)
})
