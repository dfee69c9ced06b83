import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { createClient } from '../../src/client/client.ts'
import { newCredential } from '../support/credential.ts'
import { listen } from '../support/listen.ts'
import { tokenService } from '../support/token-service.ts'

const credential = await newCredential()
const api = 'https://api.contoso.com'
const claims = Buffer.from('{"access_token":{}}').toString('base64')
const challenge = `Bearer error="insufficient_claims", claims="${claims}"`

/** A client whose API is `answer`, called as `fetch` is. */
function stage(answer: typeof globalThis.fetch) {
  const service = tokenService()
  const fetch: typeof globalThis.fetch = async (input, init) =>
    input instanceof URL ? service.fetch(input, init) : answer(input, init)
  return { ...service, client: createClient({ tenant: 'contoso.com', clientId: 'app', credential, fetch }) }
}

const form = new FormData()
form.set('make', 'tesla')
const post = (body: RequestInit['body']): RequestInit => ({ method: 'POST', body: body ?? null })
const stream = () => new Blob(['car']).stream()
const bodies: Record<string, () => [string | Request, RequestInit?]> = {
  'no body': () => [api],
  text: () => [api, post('car')],
  bytes: () => [api, post(Buffer.from('car'))],
  'a search': () => [api, post(new URLSearchParams({ a: 'b c' }))],
  'a Blob': () => [api, post(new Blob(['car'], { type: 'text/x-car' }))],
  'a form': () => [api, post(form)],
  'a stream': () => [api, { ...post(stream()), duplex: 'half' }],
  'a Request of text': () => [new Request(api, post('car'))],
}
for (const [name, call] of Object.entries(bodies)) {
  test(`a fetch that knows only its own Request and FormData is given ${name}`, async () => {
    const told: unknown[] = []
    const { client } = stage(async (input, init) => {
      const { body, headers } = init ?? {}
      // As another library sees them: no Request, no form, headers as an object.
      assert.deepEqual([typeof input, Object.getPrototypeOf(headers)], ['string', Object.prototype])
      const sent = new Response(body instanceof FormData ? String(body) : (body ?? null))
      const { authorization, ...others } = Object(headers)
      told.push([init?.method, authorization, others, await sent.text()])
      return new Response('data')
    })
    assert.equal(await (await client.fetch(...call())).text(), 'data')
    const expected = new Request(...call())
    const [[method, authorization, headers, body] = []] = told as unknown[][] // pushed above
    assert.deepEqual([method, authorization], [expected.method, 'Bearer token-1'])
    const unbounded = (shown: unknown) => String(shown).replaceAll(/formdata-undici-\d+/g, 'boundary')
    assert.equal(
      unbounded(Object(headers)['content-type']),
      unbounded(expected.headers.get('content-type') ?? undefined),
    )
    assert.equal(unbounded(body), unbounded(await expected.text()))
  })
}

for (const name of ['text', 'a Blob', 'a form', 'a Request of text']) {
  test(`the global fetch sends ${name} with its length when it is given`, async () => {
    const lengths: unknown[] = []
    const server = createServer(async (request, response) => {
      const body = await text(request)
      lengths.push(Number(request.headers['content-length']) - Buffer.byteLength(body))
      response.end('data')
    })
    const address = `http://127.0.0.1:${await listen(server)}`
    const { client } = stage((_, init) => globalThis.fetch(address, init))
    const [input, init] = bodies[name]?.() ?? [api]
    assert.equal(await (await client.fetch(input, init)).text(), 'data')
    assert.deepEqual(lengths, [0])
  })
}

test('what only the given fetch understands reaches it, after a challenge too', async () => {
  const seen: unknown[] = []
  const { client } = stage(async (_, init) => {
    seen.push(Object(init).dispatcher)
    return new Response('', { status: 401, headers: { 'www-authenticate': challenge } })
  })
  const dispatcher = {}
  await client.fetch(api, Object({ dispatcher }))
  assert.deepEqual(seen, [dispatcher, dispatcher])
  assert.equal(seen[1], dispatcher)
})

const headers = new Headers({ 'www-authenticate': challenge })
const foreign: readonly [what: string, response: () => object, asked: number][] = [
  ['without an address', () => ({ status: 401, headers, body: null }), 2],
  ['with a relative address', () => ({ status: 401, headers, body: null, url: '/cars' }), 2],
  ['with an address that is none', () => ({ status: 401, headers, body: null, url: 'http://[' }), 1],
  ['with a stream of Node', () => ({ status: 401, headers, body: Readable.from(['no']), url: '' }), 2],
  ['with a stream of its own', () => ({ status: 401, headers, body: {}, url: '' }), 2],
]
for (const [what, response, expected] of foreign) {
  test(`a challenge in a Response ${what} causes ${expected} requests for a token`, async () => {
    const { client, asked } = stage(async () => response() as Response) // as another library may give it
    assert.equal((await client.fetch(api)).status, 401)
    assert.equal(asked.length, expected)
  })
}

const noResponse = {
  name: 'TransportError',
  code: 'ERR_RESPONSE_INVALID',
  message: 'the given fetch gave no Response',
  retryable: false,
}
for (const [what, value] of Object.entries({
  nothing: undefined,
  null: null,
  'an answer of Axios': { data: {} },
})) {
  test(`a fetch that resolves with ${what} is one clear error, for an API and for a token`, async () => {
    let calls = 0
    const fetch = async () => {
      calls++
      return value as unknown as Response // which the types forbid
    }
    await assert.rejects(stage(fetch).client.fetch(api), noResponse)
    const { getToken } = createClient({ tenant: 'contoso.com', clientId: 'app', credential, fetch })
    await assert.rejects(getToken({ scope: 'x' }), noResponse)
    assert.equal(calls, 2)
  })
}

const source = (path: string) => new URL(`../../src/http/${path}.ts`, import.meta.url).href

// In a process of its own: the test runner holds on to promises that nobody else does.
test('a fetch that never settles, and of which nobody holds anything, is left on an abort', async () => {
  const script = `
    import { takeRequest } from '${source('create-fetch')}'
    import { givenSend } from '${source('fetch/given-send')}'
    const stop = new AbortController()
    const call = () => {
      const { request, init } = takeRequest(new Request('${api}', { signal: stop.signal }), {})
      return givenSend(() => new Promise(() => {}))(request, init)
    }
    call().catch((error) => console.log(error))
    for (let turn = 0; turn < 10; turn++) {
      await new Promise(setImmediate)
      globalThis.gc()
    }
    stop.abort('enough')
    await new Promise(setImmediate)`
  const argv = ['--expose-gc', '--import', './scripts/typescript.js', '--input-type=module', '-e', script]
  assert.equal((await promisify(execFile)(process.execPath, argv)).stdout, 'enough\n')
})
