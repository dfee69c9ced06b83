import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { test } from 'node:test'
import { createClient } from '../../src/client/client.ts'
import type { ClientOptions, GetTokenOptions } from '../../src/client/options.ts'
import { TransportError } from '../../src/errors.ts'
import { newCredential } from '../support/credential.ts'
import { deferred, settled } from '../support/deferred.ts'
import { type Answering, granted, refused, tokenService } from '../support/token-service.ts'

/** What those who wait at the same time owe each other, and what they learn. */

const credential = await newCredential()
const scope = 'api://cars/.default'

function stage(answering: Answering, options: Partial<ClientOptions> = {}) {
  const time = { now: Date.UTC(2026, 10, 27) }
  const { fetch, asked } = tokenService(answering)
  const common = { tenant: 'contoso.com', clientId: 'app', credential, fetch, now: () => time.now }
  // Options that a test adds are of one of the two kinds, as the common ones are.
  const client = createClient({ ...common, ...options } as ClientOptions)
  return { client, asked, time }
}

const eventually = async (condition: () => boolean) => {
  while (!condition()) await settled()
}

test('who has waited too long learns what went wrong before', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  context.mock.method(Math, 'random', () => 0)
  const { client, asked } = stage((_, number) =>
    number === 1
      ? refused(503, {
          error: 'temporarily_unavailable',
          error_description: 'AADSTS90033: A transient error',
        })
      : new Promise(() => {}),
  )
  const waiting = client.getToken({ scope })
  await eventually(() => {
    context.mock.timers.tick(1)
    return asked.length === 2
  })
  context.mock.timers.tick(30_000)
  await assert.rejects(waiting, ({ code, message, hint, cause }) => {
    assert.equal(code, 'ERR_TIMEOUT')
    assert.match(message, /^no token from login\.microsoftonline\.com within 30 s; before: ./)
    assert.deepEqual([cause.status, cause.errorCodes, hint], [503, [90033], cause.hint])
    return true
  })
})

test('a caller who comes late has all of its own time', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const answer = deferred<Response>()
  const { client, asked, time } = stage(() => answer.promise, { timeoutMs: 2_000 })
  const pass = (ms: number) => {
    time.now += ms
    context.mock.timers.tick(ms)
  }
  const first = client.getToken({ scope })
  const friend = client.getToken({ scope })
  await eventually(() => asked.length === 1)
  pass(1_900)
  const late = client.getToken({ scope })
  pass(100)
  await assert.rejects(first, { code: 'ERR_TIMEOUT' })
  await assert.rejects(friend, { code: 'ERR_TIMEOUT' })
  pass(1_000)
  answer.resolve(granted('one'))
  assert.equal((await late).accessToken, 'one')
  assert.equal(asked.length, 1)
})

for (const [what, source] of [
  [
    'the signer',
    { certificate: credential.certificate, signer: { sign: () => new Promise<never>(() => {}) } },
  ],
  ['the source of the credential', { current: () => new Promise<never>(() => {}) }],
] as const) {
  test(`${what} that hangs holds nobody longer than timeoutMs, and who waited learns of it`, async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] })
    const { client } = stage(() => granted('token'), { credential: source, timeoutMs: 5_000 })
    const waiting = client.getToken({ scope })
    await settled()
    context.mock.timers.tick(5_000)
    await assert.rejects(waiting, {
      code: 'ERR_TIMEOUT',
      message: `no token from login.microsoftonline.com within 5 s: ${what} has not answered`,
    })
  })
}

test('a signer that has answered, if with an error, is not what is waited for', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const busy = new TransportError('ERR_KEY_VAULT_UNAVAILABLE', 'the vault is busy', { retryAfterMs: 20_000 })
  let signed = 0
  const signer = {
    async sign() {
      signed++
      throw busy
    },
  }
  const { client } = stage(() => granted('token'), { credential: { ...credential, signer } })
  const waiting = client.getToken({ scope })
  await eventually(() => signed === 1)
  await settled()
  context.mock.timers.tick(30_000)
  const message = 'no token from login.microsoftonline.com within 30 s; before: the vault is busy'
  await assert.rejects(waiting, { code: 'ERR_TIMEOUT', message })
})

test('who comes late has tries of its own: no answer to the first is no end for it', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  context.mock.method(Math, 'random', () => 0.9)
  const gate = deferred<Response>()
  const { client, asked, time } = stage((_, number) => (number === 1 ? gate.promise : granted('token')), {
    timeoutMs: 3_000,
  })
  const pass = (ms: number) => {
    time.now += ms
    context.mock.timers.tick(ms)
  }
  const first = client.getToken({ scope })
  await eventually(() => asked.length === 1)
  pass(2_500)
  const late = client.getToken({ scope })
  pass(400)
  gate.reject(new TypeError('fetch failed'))
  for (let turn = 0; turn < 20; turn++) await settled()
  pass(500)
  await assert.rejects(first, { code: 'ERR_TIMEOUT' })
  assert.equal((await late).accessToken, 'token')
  assert.equal(asked.length, 2)
})

test('a Retry-After outlives the caller who left while it ran, from when it was said', async () => {
  const { client, asked, time } = stage(() =>
    refused(429, { error: 'temporarily_unavailable' }, { 'retry-after': '20' }),
  )
  const leaver = new AbortController()
  let pauses = 0
  const onRetry = () => pauses++
  subscribe('x5t:retry', onRetry)
  const leaving = client.getToken({ scope, signal: leaver.signal })
  await eventually(() => pauses === 1)
  unsubscribe('x5t:retry', onRetry)
  time.now += 5_000
  leaver.abort(new Error('no time'))
  // Asked in the same turn: nothing of the flight that was left has had time to end.
  const next = client.getToken({ scope })
  await assert.rejects(leaving, /no time/)
  await assert.rejects(next, { code: 'ERR_ENTRA_THROTTLED', retryAfterMs: 15_000 })
  assert.equal(asked.length, 1)
})

test('a token that was asked for before a challenge was answered does not take the place of the answer', async () => {
  const old = deferred<Response>()
  const { client, asked, time } = stage(({ form }, number) => {
    if (form.has('claims')) return granted('challenged')
    return number === 1 ? granted('first') : old.promise
  })
  const { refreshAt } = await client.getToken({ scope })
  time.now = refreshAt + 1
  await client.getToken({ scope })
  await eventually(() => asked.length === 2)
  await client.getToken({ scope, claims: '{"access_token":{"nbf":{"value":"1"}}}' })
  old.resolve(granted('revoked'))
  for (let turn = 0; turn < 20; turn++) await settled()
  assert.equal((await client.getToken({ scope })).accessToken, 'challenged')
})

for (const wrong of [{ claims: '' }, { claims: null }, { tenant: '' }, { tenant: null }, { resource: '' }]) {
  test(`${JSON.stringify(wrong)} fails its own caller, and no other who waits`, async () => {
    const { client, asked } = stage(() => granted('good'))
    // What a program without types may give.
    const request = { scope, ...wrong } as unknown as GetTokenOptions
    const results = await Promise.allSettled([client.getToken(request), client.getToken({ scope })])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'fulfilled'],
    )
    await assert.rejects(client.getToken(request), ({ name, message }) => {
      assert.match(name, /^(TypeError|ConfigurationError)$/)
      assert.doesNotMatch(message, /Cannot read/)
      return true
    })
    assert.equal(asked.length, 1)
  })
}

test('null for a signal is none', async () => {
  const { client } = stage(() => granted('good'))
  const request = { scope, signal: null } as unknown as GetTokenOptions // what a program without types may give
  assert.equal((await client.getToken(request)).accessToken, 'good')
})

test('an older signal is listened to once, however many tokens are asked for under it', async () => {
  const { client } = stage(() => granted('good'))
  const listeners: unknown[] = []
  const abortSignal = {
    aborted: false,
    addEventListener: (_: string, listener: unknown) => listeners.push(listener),
  }
  for (let call = 0; call < 3; call++) await client.credential.getToken(scope, { abortSignal })
  assert.equal(listeners.length, 1)
})
