import assert from 'node:assert/strict'
import { createPrivateKey, randomBytes } from 'node:crypto'
import { channel } from 'node:diagnostics_channel'
import { writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import { generateCertificate } from '../../src/certificate/generate-certificate.ts'
import { createClient } from '../../src/client/client.ts'
import type { ClientOptions } from '../../src/client/options.ts'
import { loadCredential } from '../../src/credential/load-credential.ts'
import { watchCredential } from '../../src/credential/watch-credential.ts'
import { events } from '../../src/internal/events.ts'
import { listen } from '../support/listen.ts'
import { folder } from '../support/openssl.ts'

/** One secret of each kind. Whatever is printed, thrown, published or looked at must hold none of them. */
const passphrase = `canary ${randomBytes(9).toString('base64')}`
const token = `eyJhbGciOiJSUzI1NiJ9.${randomBytes(90).toString('base64url')}.${randomBytes(256).toString('base64url')}`
const gatewayKey = `canary${randomBytes(6).toString('hex')}`
const pair = await generateCertificate({ commonName: 'canary', passphrase })
const key = createPrivateKey({ key: pair.privateKeyPem, passphrase })
const path = folder.write('canary.pem', pair.privateKeyPem + pair.certificatePem)
const credential = await loadCredential({ path, passphrase })

const assertions: string[] = []
const kept: string[] = []

/** Every way in which text or an object may leave: the console, warnings, and each channel. */
function record(context: TestContext) {
  kept.length = 0
  const keep = (what: unknown) => kept.push(...seenOf(what))
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream)
    // The runner speaks through them too: what is written is kept and goes on.
    context.mock.method(stream, 'write', (...given: Parameters<typeof write>) => {
      kept.push(String(given[0]))
      return write(...given)
    })
  }
  process.on('warning', keep)
  for (const { name } of Object.values(events)) channel(String(name)).subscribe(keep)
  after(() => process.off('warning', keep))
  return keep
}

/** All that a logger could make of a value: its causes, its hidden members, its JSON, its stack. */
function seenOf(value: unknown): string[] {
  const deep = inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null })
  const causes = value instanceof Error && value.cause !== undefined ? seenOf(value.cause) : []
  return [deep, String(value), JSON.stringify(value) ?? '', Object(value).stack ?? '', ...causes]
}

function secrets(): string[] {
  const { d = '', p = '', q = '', dp = '', dq = '', qi = '' } = key.export({ format: 'jwk' })
  const der = key.export({ type: 'pkcs8', format: 'der' })
  const encrypted = pair.privateKeyPem.split('\n').filter((line) => line.length === 64)
  const sent = assertions.flatMap((assertion) => assertion.split('.'))
  const runs = [d, p, q, dp, dq, qi, ...encrypted, ...sent, ...token.split('.').slice(1)].flatMap(
    (secret) => [secret.slice(0, 16), secret.slice(-16)],
  )
  // The modulus comes first in it, and is public.
  return [
    ...runs,
    passphrase,
    gatewayKey,
    der.toString('base64').slice(-200, -170),
    der.toString('hex').slice(-200, -170),
  ]
}

type Answer = (response: ServerResponse, assertion: string) => void
const send = (status: number, body: string, headers: Record<string, string> = {}): Answer => {
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
}
const grant = (members: object = {}) =>
  JSON.stringify({ token_type: 'Bearer', expires_in: 3_600, access_token: token, ...members })
const echo = (status: number, split: (assertion: string) => string): Answer => {
  return (response, assertion) => {
    const said = `got ${split(assertion)}`
    const body = { error: said, error_description: said, error_codes: [said], claims: said, trace_id: said }
    send(status, JSON.stringify(body), { 'x-ms-request-id': said.slice(0, 2_000) })(response, assertion)
  }
}
const inPieces = (assertion: string) => (assertion.match(/.{1,11}/g) ?? []).join(' ')

/** What the service does, and the code of what comes of it. */
const flows: Record<string, { answer: Answer; code?: string; options?: Partial<ClientOptions> }> = {
  'a token': { answer: send(200, grant()) },
  'a refusal': { answer: send(401, '{"error":"invalid_client"}'), code: 'ERR_ENTRA_REFUSED' },
  'an echo': { answer: echo(400, (assertion) => assertion), code: 'ERR_ENTRA_REFUSED' },
  'an echo in pieces': { answer: echo(400, inPieces), code: 'ERR_ENTRA_REFUSED' },
  'an echo as a page': {
    answer: (response, assertion) =>
      send(200, inPieces(assertion), { 'content-type': 'text/html' })(response, ''),
    code: 'ERR_RESPONSE_INVALID',
  },
  'an echo when it is down': { answer: echo(503, inPieces), code: 'ERR_ENTRA_UNAVAILABLE' },
  'a redirect that carries a token': {
    answer: send(302, '', { location: `https://else.example/?access_token=${token}` }),
    code: 'ERR_RESPONSE_INVALID',
  },
  'a redirect that carries a key': {
    answer: send(302, '', {
      location: `/token?code=${gatewayKey}`,
      'content-location': `/?key=${gatewayKey}`,
    }),
    code: 'ERR_RESPONSE_INVALID',
  },
  'a token of the wrong type': {
    answer: send(200, grant({ token_type: token })),
    code: 'ERR_RESPONSE_INVALID',
  },
  'a token without an end': { answer: send(200, grant({ expires_in: token })), code: 'ERR_RESPONSE_INVALID' },
  'half a token': { answer: send(200, grant().slice(0, 300)), code: 'ERR_RESPONSE_INVALID' },
  'something that is not HTTP': {
    answer: ({ socket }, assertion) => socket?.end(`${assertion}\r\n${token}\r\n\r\n`),
    code: 'ERR_NO_ANSWER',
  },
  'no answer in time': { answer: () => {}, code: 'ERR_TIMEOUT', options: { timeoutMs: 100 } },
  'a gateway with a key in its address': {
    answer: () => {},
    code: 'ERR_ENTRA_UNAVAILABLE',
    options: {
      tenant: undefined,
      authority: undefined,
      tokenEndpoint: `https://as.example/token?code=${gatewayKey}`,
      fetch: async (input, init) => {
        assert.equal(new URL(String(input)).searchParams.get('code'), gatewayKey)
        assertions.push(new URLSearchParams(String(init?.body)).get('client_assertion') ?? '')
        return Response.json({ error: 'busy' }, { status: 503 })
      },
    },
  },
  'a fetch that throws what it was given': {
    answer: () => {},
    code: 'ERR_NO_ANSWER',
    options: {
      fetch: async (_, init) => {
        assertions.push(new URLSearchParams(String(init?.body)).get('client_assertion') ?? '')
        throw Object.assign(new Error(`failed: ${init?.body}`), { init, cause: Error(String(init?.body)) })
      },
    },
  },
}

for (const [name, { answer, code, options }] of Object.entries(flows)) {
  test(`${name}: no secret is printed, thrown, published or inspected`, async (context) => {
    context.mock.method(Math, 'random', () => 0)
    const keep = record(context)
    const server = createServer(async (request, response) => {
      const assertion = new URLSearchParams(await text(request)).get('client_assertion') ?? ''
      assertions.push(assertion)
      answer(response, assertion)
    })
    const authority = `http://127.0.0.1:${await listen(server)}`
    const scope = 'api://canary/.default'
    const client = createClient({
      tenant: 'contoso.com',
      clientId: 'app',
      credential,
      authority,
      allowHttpAuthority: true,
      ...options,
    })
    for (const ask of [client.getToken, client.getTokenResponse]) {
      const result = await ask({ scope }).catch((error: unknown) => {
        keep(error)
        return error
      })
      assert.equal(Object(result).code, code, inspect(result))
    }
    keep(client)
    keep(credential)
    assert.ok(assertions.length > 0 && kept.length > 0)
    const all = kept.join('\n')
    for (const secret of secrets()) assert.ok(!all.includes(secret), `found ${secret}`)
  })
}

test('keys that cannot be loaded, and files that change to such, say nothing of themselves', async (context) => {
  const keep = record(context)
  const source = await watchCredential({ path, passphrase })
  const damaged = pair.privateKeyPem.replace(/\w{20}\n/, 'AAAAAAAAAAAAAAAAAAAA\n')
  const failures = [
    { pem: pair.privateKeyPem + pair.certificatePem, passphrase: `${passphrase}x` },
    { pem: damaged + pair.certificatePem, passphrase },
    { pem: pair.privateKeyPem, passphrase },
    { pem: Buffer.from(pair.privateKeyPem).subarray(0, 700), passphrase },
  ]
  for (const failure of failures) await assert.rejects(loadCredential(failure), (error) => keep(error) > 0)
  writeFileSync(path, damaged + pair.certificatePem)
  await source.current()
  keep(source)
  const all = kept.join('\n')
  for (const secret of secrets()) assert.ok(!all.includes(secret), `found ${secret}`)
})
