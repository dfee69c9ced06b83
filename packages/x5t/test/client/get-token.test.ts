import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mock, test } from 'node:test'
import { createClient } from '../../src/client/client.ts'
import type { ClientOptions, GetTokenOptions } from '../../src/client/options.ts'
import type { ClientCredential } from '../../src/credential/client-credential.ts'
import { newCredential } from '../support/credential.ts'
import { deferred, settled } from '../support/deferred.ts'
import { type Answering, granted, refused, tokenService } from '../support/token-service.ts'
import './options.ts'

const credential = await newCredential()
const tenant = 'contoso.com'
const scope = 'https://graph.microsoft.com/.default'
const boom = new Error('boom')

/** A client of a service that the test scripts, with a clock that the test moves. */
function stage(answering?: Answering, options: Partial<ClientOptions> = {}) {
  const time = { now: 1_900_000_000_000 }
  const service = tokenService(answering)
  const client = createClient({
    tenant,
    clientId: 'app',
    credential,
    fetch: service.fetch,
    now: () => time.now,
    ...options,
  })
  return { client, time, asked: service.asked }
}

test('a v2 scope asks the v2 endpoint with a form that names everything', async () => {
  const { client, asked } = stage()
  await client.getToken({ scope })
  assert.equal(asked[0]?.url, 'https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token')
  const { client_assertion: assertion, ...form } = Object.fromEntries(asked[0]?.form ?? [])
  assert.ok(assertion)
  assert.deepEqual(form, {
    client_id: 'app',
    scope,
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  })
})

test('a v1 resource asks the v1 endpoint, whose assertion names it as audience', async () => {
  const { client, asked } = stage()
  await client.getToken({ resource: 'https://graph.microsoft.com' })
  const url = 'https://login.microsoftonline.com/contoso.com/oauth2/token'
  assert.deepEqual([asked[0]?.url, asked[0]?.claims.aud], [url, url])
  assert.deepEqual(
    [asked[0]?.form.get('resource'), asked[0]?.form.get('scope')],
    ['https://graph.microsoft.com', null],
  )
})

test('AD FS is asked with RS256 and x5t at its one endpoint', async () => {
  const { client, asked } = stage(undefined, { tenant: 'adfs', authority: 'https://fs.contoso.com' })
  await client.getToken({ scope })
  assert.equal(asked[0]?.url, 'https://fs.contoso.com/adfs/oauth2/token')
  assert.deepEqual([asked[0]?.header.alg, typeof asked[0]?.header.x5t], ['RS256', 'string'])
})

test('a thousand cold callers cause one request and get one token', async () => {
  const { client, asked } = stage()
  const tokens = await Promise.all(Array.from({ length: 1_000 }, () => client.getToken({ scope })))
  assert.equal(asked.length, 1)
  assert.equal(new Set(tokens).size, 1)
  assert.throws(
    () => Object.assign(tokens[0] ?? {}, { accessToken: 'what the others would send' }),
    TypeError,
  )
})

const others: readonly [difference: string, request: GetTokenOptions][] = [
  ['scope', { scope: 'https://vault.azure.net/.default' }],
  ['endpoint version, though the text is the same', { resource: scope }],
  ['tenant', { scope, tenant: 'fabrikam.com' }],
  ['claims', { scope, claims: '{"access_token":{"nbf":{"value":"1"}}}' }],
]

for (const [difference, request] of others) {
  test(`another ${difference} is another token`, async () => {
    const { client } = stage()
    const [one, other] = [await client.getToken({ scope: `${scope} ` }), await client.getToken(request)]
    assert.notEqual(one.accessToken, other.accessToken)
  })
}

test('tokens for callers that answer challenges are kept apart, and their requests say so', async () => {
  const { client, asked } = stage()
  await client.getToken({ scope })
  await client.credential.getToken(scope, { enableCae: true })
  assert.deepEqual(
    asked.map(({ form }) => form.get('claims')),
    [null, '{"access_token":{"xms_cc":{"values":["cp1"]}}}'],
  )
})

test('the own tenant, named in any case, is no other tenant, and another one is one tenant', async () => {
  const { client, asked } = stage()
  await client.getToken({ scope })
  for (const name of ['Contoso.COM', 'Fabrikam.com', 'fabrikam.com']) {
    await client.getToken({ scope, tenant: name })
  }
  assert.deepEqual(
    asked.map(({ url }) => new URL(url).pathname.split('/')[1]),
    ['contoso.com', 'fabrikam.com'],
  )
})

test('no text in a tenant or scope can reach the token of another', async () => {
  const { client } = stage()
  const requests = [
    { scope: 'a b', tenant: 'fabrikam.com' },
    { scope: 'b', tenant: 'fabrikam.com a' },
    { scope: 'b', tenant: '' },
    { resource: 'b' },
    { scope: 'b' },
  ]
  const results: unknown[] = []
  for (const request of requests) {
    results.push(
      await client.getToken(request).then(
        ({ accessToken }) => accessToken,
        ({ code }) => code,
      ),
    )
  }
  assert.deepEqual(results, ['token-1', 'ERR_TENANT_INVALID', 'ERR_TENANT_INVALID', 'token-2', 'token-3'])
})

test('expiresAt and refreshAt count from sending; what the wall clock does then changes nothing', async (context) => {
  context.mock.method(Math, 'random', () => 0.5)
  const { client, time } = stage(() => {
    time.now += 5_000
    return granted('slow')
  })
  const sentAt = time.now
  const token = await client.getToken({ scope })
  assert.equal(token.expiresAt, sentAt + 3_600_000)
  assert.equal(token.refreshAt, sentAt + 0.8 * 0.95 * 3_600_000)
})

test('refreshAt follows refresh_in, jitter included', async () => {
  const { client, time } = stage(() => granted('long', { expires_in: 86_399, refresh_in: 43_199 }))
  for (let index = 0; index < 50; index++) {
    const { refreshAt } = await client.getToken({ scope: `scope ${index}` })
    const share = (refreshAt - time.now) / 43_199_000
    assert.ok(share > 0.9 && share <= 1, `${share}`)
  }
})

test('past refreshAt the caller gets the old token at once, and failures never reach it before the end', async () => {
  const { client, time } = stage((_, number) =>
    number === 1 ? granted('old', { expires_in: 1_000 }) : refused(401, { error: 'invalid_client' }),
  )
  const failures: unknown[] = []
  const onRefresh = (message: unknown) => failures.push(message)
  subscribe('x5t:refresh', onRefresh)
  const { expiresAt, refreshAt } = await client.getToken({ scope })
  for (time.now = refreshAt; time.now < expiresAt; time.now += 1_000) {
    assert.equal((await client.getToken({ scope })).accessToken, 'old')
  }
  while (failures.length < 1) await settled()
  unsubscribe('x5t:refresh', onRefresh)
  const { error, ...rest } = Object(failures[0])
  assert.equal(error.code, 'ERR_ENTRA_REFUSED')
  assert.deepEqual(rest, { scope, resource: undefined, tenant, failures: 1 })
  await assert.rejects(client.getToken({ scope }), { code: 'ERR_ENTRA_REFUSED', status: 401 })
})

/** Where an abort may come: each calls `abort` at its moment. */
const moments: Record<
  string,
  (abort: () => void) => { answering?: Answering; options?: Partial<ClientOptions> }
> = {
  'before anything': (abort) => {
    abort()
    return {}
  },
  'while the credential is looked up': (abort) => ({
    options: {
      credential: {
        current() {
          abort()
          return new Promise<ClientCredential>(() => {})
        },
      },
    },
  }),
  'while it signs': (abort) => ({
    options: {
      credential: {
        certificate: credential.certificate,
        signer: {
          sign() {
            abort()
            return new Promise<never>(() => {})
          },
        },
      },
    },
  }),
  'before the headers, though the fetch does not listen': (abort) => ({
    answering() {
      setImmediate(abort)
      return new Promise<never>(() => {})
    },
  }),
  'in the body': (abort) => ({
    answering() {
      setImmediate(() => setImmediate(abort))
      return new Response(new ReadableStream(), { headers: { 'content-type': 'application/json' } })
    },
  }),
  'while Retry-After runs': (abort) => ({
    answering() {
      setTimeout(abort, 20)
      return refused(503, {}, { 'retry-after': '20' })
    },
  }),
}

for (const [moment, arrange] of Object.entries(moments)) {
  test(`an abort ${moment} ends the wait at once with its reason`, { timeout: 5_000 }, async () => {
    const leaver = new AbortController()
    const { answering, options } = arrange(() => leaver.abort(boom))
    const { client } = stage(answering, options)
    await assert.rejects(client.getToken({ scope, signal: leaver.signal }), boom)
  })
}

test('the abort of one caller touches no other', async () => {
  const answer = deferred<Response>()
  const { client, asked } = stage(() => answer.promise)
  const leaver = new AbortController()
  const leaving = client.getToken({ scope, signal: leaver.signal })
  const staying = client.getToken({ scope })
  while (asked.length === 0) await settled()
  leaver.abort(boom)
  await assert.rejects(leaving, boom)
  assert.equal(asked[0]?.signal.aborted, false)
  answer.resolve(granted('shared'))
  assert.equal((await staying).accessToken, 'shared')
})

test('when every caller has left, the request is ended', async () => {
  const { client, asked } = stage(() => new Promise(() => {}))
  const leaver = new AbortController()
  const waiting = client.getToken({ scope, signal: leaver.signal })
  while (asked.length === 0) await settled()
  leaver.abort(boom)
  await assert.rejects(waiting, boom)
  assert.equal(asked[0]?.signal.aborted, true)
})

test('a Retry-After that ends after timeoutMs is told at once', async () => {
  const { client, asked } = stage(() => refused(503, {}, { 'retry-after': '1' }), { timeoutMs: 1_000 })
  await assert.rejects(client.getToken({ scope }), { code: 'ERR_ENTRA_UNAVAILABLE', retryAfterMs: 1_000 })
  assert.equal(asked.length, 1)
})

test('no timer is left running once a caller has an answer', async () => {
  const set = mock.method(globalThis, 'setTimeout')
  const clear = mock.method(globalThis, 'clearTimeout')
  const { client } = stage((_, number) => (number === 1 ? granted('x') : refused(400, { error: 'no' })))
  await client.getToken({ scope })
  await assert.rejects(client.getToken({ scope: 'refused' }))
  const cleared = new Set(clear.mock.calls.map(({ arguments: [timer] }) => timer))
  for (const { result } of set.mock.calls) assert.ok(cleared.has(result))
  assert.ok(set.mock.callCount() >= 2)
  mock.restoreAll()
})

test('a request object that changes after the call changes nothing', async () => {
  const { client, asked } = stage()
  const request = { scope, claims: undefined }
  const waiting = client.getToken(request)
  request.scope = 'other'
  await waiting
  assert.equal(asked[0]?.form.get('scope'), scope)
})
