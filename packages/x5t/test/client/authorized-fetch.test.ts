import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Readable } from 'node:stream'
import type { UnderlyingSource } from 'node:stream/web'
import { test } from 'node:test'
import { createClient } from '../../src/client/client.ts'
import { newCredential } from '../support/credential.ts'
import { settled } from '../support/deferred.ts'
import { granted, refused, tokenService } from '../support/token-service.ts'

const credential = await newCredential()
const api = 'https://api.contoso.com'
const claims = '{"access_token":{"nbf":{"value":"1"}}}'
const challenge = `Bearer error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`

interface Call {
  readonly url: string
  readonly authorization: string | null
  readonly contentType: string | null
  readonly body: string
}

/** An API that takes the tokens in `good` and answers all others with `headers`; the service gives `token-1` and so on. */
function stage(
  good: ReadonlySet<string> | 'any',
  headers: Headers | Record<string, string> = { 'www-authenticate': challenge },
) {
  const service = tokenService()
  const calls: Call[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (typeof input !== 'string') return service.fetch(input, init)
    const request = new Request(input, init)
    const authorization = request.headers.get('authorization')
    const contentType = request.headers.get('content-type')
    calls.push({ url: input, authorization, contentType, body: await request.text() })
    if (good === 'any' || good.has(authorization?.slice(7) ?? '')) return new Response('data')
    return new Response('no', { status: 401, headers })
  }
  const client = createClient({ tenant: 'contoso.com', clientId: 'app', credential, fetch })
  return { client, calls, asked: service.asked }
}

const addresses: readonly [url: string, scope: string][] = [
  ['https://graph.microsoft.com/v1.0/users', 'https://graph.microsoft.com/.default'],
  ['https://things.vault.azure.net/secrets/a', 'https://vault.azure.net/.default'],
  ['http://localhost:3000/cars', 'http://localhost:3000/.default'],
  ['http://127.0.0.1:3000/cars', 'http://127.0.0.1:3000/.default'],
]

for (const [url, scope] of addresses) {
  test(`${url} gets a token for ${scope}`, async () => {
    const { client, calls, asked } = stage('any')
    assert.equal(await (await client.fetch(url)).text(), 'data')
    assert.equal(asked[0]?.form.get('scope'), scope)
    assert.deepEqual(calls, [{ url, authorization: 'Bearer token-1', contentType: null, body: '' }])
  })
}

test('null in the place of init is none, as with the global fetch', async () => {
  const { client, calls } = stage('any')
  await client.fetch(api, null as unknown as undefined) // as JavaScript may call it
  assert.equal(calls.length, 1)
})

test('a named scope is used, and what else init says reaches the API', async () => {
  const { client, calls, asked } = stage('any')
  await client.fetch(`${api}/cars`, { method: 'POST', body: 'car', scope: 'api://cars/.default' })
  assert.equal(asked[0]?.form.get('scope'), 'api://cars/.default')
  assert.equal(calls[0]?.body, 'car')
})

for (const url of ['http://api.contoso.com/', 'http://localhost.evil.example/', 'ftp://localhost/']) {
  test(`no token is sent to ${url}`, async () => {
    const { client, calls, asked } = stage('any')
    await assert.rejects(client.fetch(url), TypeError)
    assert.equal(calls.length + asked.length, 0)
  })
}

test('a challenge by another host, where a redirect has led, is not answered', async () => {
  const service = tokenService()
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (typeof input !== 'string') return service.fetch(input, init)
    const refusal = new Response('no', { status: 401, headers: { 'www-authenticate': challenge } })
    return Object.defineProperty(refusal, 'url', { value: 'https://elsewhere.example/cars' })
  }
  const client = createClient({ tenant: 'contoso.com', clientId: 'app', credential, fetch })
  assert.equal((await client.fetch(`${api}/cars`)).status, 401)
  assert.equal(service.asked.length, 1)
})

test('a claims challenge is answered once, with the claims and the same body', async () => {
  const { client, calls, asked } = stage(new Set(['token-2']))
  const challenges: unknown[] = []
  const listen = (message: unknown) => challenges.push(message)
  subscribe('x5t:challenge', listen)
  const response = await client.fetch(`${api}/cars`, { method: 'POST', body: 'car' })
  unsubscribe('x5t:challenge', listen)
  assert.equal(response.status, 200)
  assert.deepEqual(
    calls.map(({ authorization, body }) => [authorization, body]),
    [
      ['Bearer token-1', 'car'],
      ['Bearer token-2', 'car'],
    ],
  )
  assert.deepEqual(JSON.parse(asked[1]?.form.get('claims') ?? ''), {
    access_token: { nbf: { value: '1' }, xms_cc: { values: ['cp1'] } },
  })
  assert.deepEqual(challenges, [{ origin: api, scope: `${api}/.default` }])
})

const bodies: readonly [what: string, source: UnderlyingSource][] = [
  ['is broken', { start: (controller) => controller.error(new Error('reset')) }],
  ['never ends, not when it is left either', { cancel: () => new Promise<never>(() => {}) }],
]
for (const [what, source] of bodies) {
  test(`a challenge whose body ${what} is answered too`, { timeout: 5_000 }, async () => {
    const service = tokenService()
    const statuses = [401, 200]
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (typeof input !== 'string') return service.fetch(input, init)
      const headers = { 'www-authenticate': challenge }
      return new Response(new ReadableStream(source), { status: statuses.shift() ?? 500, headers })
    }
    const client = createClient({ tenant: 'contoso.com', clientId: 'app', credential, fetch })
    assert.equal((await client.fetch(`${api}/cars`)).status, 200)
  })
}

test('the challenge may stand in the second of two headers', async () => {
  const headers = new Headers([
    ['www-authenticate', 'Basic realm="x"'],
    ['www-authenticate', challenge],
  ])
  const { client, calls } = stage(new Set(['token-2']), headers)
  assert.equal((await client.fetch(api)).status, 200)
  assert.equal(calls.length, 2)
})

test('a second challenge reaches the caller as the 401 it is', async () => {
  const { client, calls } = stage(new Set())
  const response = await client.fetch(`${api}/cars`)
  assert.deepEqual([response.status, await response.text(), calls.length], [401, 'no', 2])
})

test('a 401 without claims is the answer', async () => {
  const { client, calls } = stage(new Set(), { 'www-authenticate': 'Bearer error="invalid_token"' })
  assert.equal((await client.fetch(`${api}/cars`)).status, 401)
  assert.equal(calls.length, 1)
})

test('a hundred callers with one refused token cause one request, and later ones get its answer', async () => {
  const { client, asked, calls } = stage(new Set(['token-2']))
  const responses = await Promise.all(Array.from({ length: 100 }, () => client.fetch(`${api}/cars`)))
  assert.ok(responses.every(({ status }) => status === 200))
  assert.equal(asked.length, 2)
  assert.equal(calls.length, 200)
  await client.fetch(`${api}/cars`)
  assert.equal(calls.at(-1)?.authorization, 'Bearer token-2')
  assert.equal(calls.length, 201)
})

test('an answered challenge replaces the refused token for callers that never saw it', async () => {
  const { client, asked } = stage('any')
  await client.getToken({ scope: 'x' })
  const renewed = await client.getToken({ scope: 'x', claims })
  assert.equal((await client.getToken({ scope: 'x' })).accessToken, renewed.accessToken)
  assert.equal(asked.length, 2)
})

test('the same challenge half a minute later asks anew', async () => {
  const { fetch } = tokenService()
  const time = { now: 1_900_000_000_000 }
  const now = () => time.now
  const client = createClient({ tenant: 'contoso.com', clientId: 'app', credential, fetch, now })
  const ask = async () => (await client.getToken({ scope: 'x', claims })).accessToken
  assert.equal(await ask(), 'token-1')
  time.now += 29_999
  assert.equal(await ask(), 'token-1')
  time.now += 1
  assert.equal(await ask(), 'token-2')
})

const stream = (chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => ReadableStream.from(chunks)
const slowly = async function* () {
  for (const letter of 'car') {
    await settled()
    yield Buffer.from(letter)
  }
}
const large = Array.from({ length: 4 }, () => Buffer.alloc(500_000, 'c'))
const post = { method: 'POST', duplex: 'half' as const }
const sentOnce: readonly [name: string, call: () => [string | Request, RequestInit?], body: string][] = [
  ['a stream', () => [api, { ...post, body: stream(slowly()) }], 'car'],
  ['a stream of Node', () => [api, { ...post, body: Readable.from(slowly()) }], 'car'],
  ['a Request of a stream', () => [new Request(api, { ...post, body: stream(slowly()) })], 'car'],
  [
    'a Request of more than is kept',
    () => [new Request(api, { ...post, body: stream(large) })],
    large.join(''),
  ],
]
for (const [name, call, body] of sentOnce) {
  test(`${name} is sent once: a challenge to it stays a 401, and the next call has the new token`, async () => {
    const { client, calls } = stage(new Set(['token-2']))
    const response = await client.fetch(...call())
    assert.deepEqual([response.status, calls.length, calls[0]?.body === body], [401, 1, true])
    assert.equal((await client.fetch(...call())).status, 200)
  })
}

test('a challenge to a stream stays a 401 where there is no token for its claims', async () => {
  const service = tokenService((_, number) => (number === 1 ? granted('token-1') : refused(400, {})))
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (typeof input !== 'string') return service.fetch(input, init)
    return new Response('no', { status: 401, headers: { 'www-authenticate': challenge } })
  }
  const client = createClient({ tenant: 'contoso.com', clientId: 'app', credential, fetch })
  const response = await client.fetch(api, { ...post, body: stream(slowly()) })
  assert.deepEqual([response.status, await response.text(), service.asked.length], [401, 'no', 2])
})

const form = new FormData()
form.set('make', 'tesla')
const sentAgain: readonly [name: string, call: () => [string | Request, RequestInit?]][] = [
  ['bytes', () => [api, { method: 'POST', body: Buffer.from('car') }]],
  ['a Blob', () => [api, { method: 'POST', body: new Blob(['car'], { type: 'text/x-car' }) }]],
  ['a form', () => [api, { method: 'POST', body: form }]],
  ['a Request of text', () => [new Request(api, { method: 'POST', body: 'car' })]],
  ['a Request without a body', () => [new Request(api, { method: 'POST' })]],
]
for (const [name, call] of sentAgain) {
  test(`${name} is sent again after a challenge, as it was`, async () => {
    const { client, calls } = stage(new Set(['token-2']))
    assert.equal((await client.fetch(...call())).status, 200)
    const [first, second] = calls
    assert.deepEqual([second?.body, second?.contentType], [first?.body, first?.contentType])
    assert.equal(first?.body === '', name === 'a Request without a body')
  })
}

test('the signal of the call ends the wait for the token', async () => {
  const boom = new Error('boom')
  const leaver = new AbortController()
  let asked = false
  const fetch = () => {
    asked = true
    return new Promise<never>(() => {})
  }
  const client = createClient({ tenant: 'contoso.com', clientId: 'app', credential, fetch })
  const waiting = client.fetch(`${api}/cars`, { signal: leaver.signal })
  while (!asked) await settled()
  leaver.abort(boom)
  await assert.rejects(waiting, boom)
})

test('what is sent is what was given when it was called, as with the global fetch', async () => {
  const seen: (string | null)[] = []
  const service = tokenService()
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (typeof input !== 'string') return service.fetch(input, init)
    seen.push(new Headers(init?.headers).get('x-car'))
    return new Response('data')
  }
  const client = createClient({ tenant: 'contoso.com', clientId: 'app', credential, fetch })
  const headers = new Headers({ 'x-car': 'first' })
  const sent = client.fetch(api, { headers })
  headers.set('x-car', 'second')
  await sent
  assert.deepEqual(seen, ['first'])
})
