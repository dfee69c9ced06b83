import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createClient } from '../../src/client/client.ts'
import { newCredential } from '../support/credential.ts'
import { settled } from '../support/deferred.ts'
import { listen } from '../support/listen.ts'
import { granted, tokenService } from '../support/token-service.ts'

setFlagsFromString('--expose-gc')
const collect: NonNullable<typeof gc> = runInNewContext('gc')
const credential = await newCredential()
const claims = Buffer.from('{"access_token":{}}').toString('base64')
const challenge = `Bearer error="insufficient_claims", claims="${claims}"`

/** Gives tokens, challenges the first of them, and is silent to the second. */
const server = createServer(async ({ url, headers }, response) => {
  if (url?.includes('/token')) {
    const token = JSON.stringify({ token_type: 'Bearer', expires_in: 3600, access_token: `${++tokens}` })
    return response.setHeader('content-type', 'application/json').end(token)
  }
  if (headers.authorization === 'Bearer 1')
    return response.writeHead(401, { 'www-authenticate': challenge }).end()
  return server.emit('silence')
})
let tokens = 0
const url = `http://127.0.0.1:${await listen(server)}`
const options = {
  tenant: 'contoso.com',
  authority: url,
  allowHttpAuthority: true,
  clientId: 'app',
  credential,
}

type Call = (signal: AbortSignal) => [string | Request, RequestInit?]
const calls: Record<string, Call> = {
  'an address': (signal) => [url, { signal }],
  text: (signal) => [url, { method: 'POST', body: 'car', signal }],
  'a Blob': (signal) => [url, { method: 'POST', body: new Blob(['car']), signal }],
  'a Request': (signal) => [new Request(url, { method: 'POST', body: 'car', signal })],
}
for (const [name, call] of Object.entries(calls)) {
  test(`an abort still ends what is sent anew after a challenge: ${name}`, { timeout: 5_000 }, async () => {
    tokens = 0
    const reason = new Error('enough')
    const stop = new AbortController()
    const waiting = createClient(options).fetch(...call(stop.signal))
    await once(server, 'silence')
    for (let turn = 0; turn < 3; turn++) {
      await settled()
      collect()
    }
    stop.abort(reason)
    await assert.rejects(waiting, reason)
  })
}

/** A challenge that never ends; `left` is told once nobody wants it any more. */
const endlessChallenge = (left: () => void) =>
  new Response(new ReadableStream({ cancel: left }), {
    status: 401,
    headers: { 'www-authenticate': challenge },
  })

test('the body of a challenge that is answered is left, so that it holds no connection', async () => {
  const service = tokenService()
  let left = 0
  const answers = [endlessChallenge(() => left++), new Response('data')]
  const fetch: typeof globalThis.fetch = async (input, init) =>
    input instanceof URL ? service.fetch(input, init) : (answers.shift() ?? Response.error())
  const client = createClient({ tenant: 'contoso.com', clientId: 'app', credential, fetch })
  assert.equal(await (await client.fetch('https://api.contoso.com')).text(), 'data')
  assert.equal(left, 1)
})

test('an upload that is challenged, and aborted while the token is renewed, ends with the reason, and leaves the challenge', async () => {
  const reason = new Error('enough')
  const stop = new AbortController()
  const service = tokenService((_, number) => {
    if (number === 1) return granted('1')
    stop.abort(reason)
    return new Promise<never>(() => {})
  })
  let left = 0
  const fetch: typeof globalThis.fetch = async (input, init) =>
    input instanceof URL ? service.fetch(input, init) : endlessChallenge(() => left++)
  const client = createClient({ tenant: 'contoso.com', clientId: 'app', credential, fetch })
  const body = new ReadableStream({ pull: (controller) => controller.close() })
  const init: RequestInit = { method: 'POST', body, duplex: 'half', signal: stop.signal }
  await assert.rejects(client.fetch('https://api.contoso.com', init), reason)
  assert.equal(left, 1)
})
