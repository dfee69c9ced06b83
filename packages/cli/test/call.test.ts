import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, beforeEach, test } from 'node:test'
import { demo, type Emulator, startEmulator } from '@x5t/emulator'
import { generateCertificate } from 'x5t'
import { assertIsErrorObject } from './support/schema.ts'
import { createStage } from './support/stage.ts'

/** An API on loopback that answers what each test says, and an emulator that gives the tokens. */
const stage = createStage()
const servers: Server[] = []
let entra: Emulator
let api: string
let answer: RequestListener = () => {}
let requests: IncomingMessage[] = []

before(async () => {
  entra = await startEmulator()
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'caller' })
  entra.addCertificate({ appId: demo.appId, certificate: certificatePem })
  stage.write('app.pem', privateKeyPem + certificatePem)
  stage.write('ca.pem', entra.caPem)
  const profile = {
    tenant: demo.tenantId,
    clientId: demo.appId,
    certificate: 'app.pem',
    authority: entra.url,
    ca: 'ca.pem',
    scope: `api://${demo.carsAppId}/.default`,
  }
  stage.write('x5t.json', JSON.stringify({ profiles: { default: profile } }))
  api = await listen((request, response) => {
    requests.push(request)
    answer(request, response)
  })
})
beforeEach(() => {
  requests = []
})
after(async () => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
  await entra.stop()
  stage.remove()
})

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  servers.push(server)
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server that listens has one
}

const json =
  (value: unknown, status = 200): RequestListener =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))

test('the token for the configured scope goes to the API, and its answer to stdout as it comes', async () => {
  answer = json({ make: 'tesla' })
  const { code, stdout, stderr } = await stage.x5t(['call', `${api}/cars`])
  assert.equal(code, 0, stderr)
  assert.equal(stdout, '{"make":"tesla"}')
  assert.match(stderr, /^token for api:\/\/c0ffee00-.*\/\.default \(scope of profile default/)
  assert.match(requests[0]?.headers.authorization ?? '', /^Bearer eyJ/)
})

test('for a service that is known by its host the scope is guessed, and said', async () => {
  const { stderr } = await stage.x5t(['call', 'https://contoso.vault.azure.net/secrets'], {
    env: { ...stage.env, HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'localhost' },
  })
  assert.match(
    stderr,
    /^token for https:\/\/vault\.azure\.net\/\.default \(guessed from contoso\.vault\.azure\.net/,
  )
  assert.match(stderr, /no answer from proxy 127\.0\.0\.1:1: connection refused/)
})

test('the Graph of the emulator is called over its own TLS', async () => {
  const scope = 'https://graph.microsoft.com/.default'
  const url = `${entra.url}/v1.0/applications`
  const { code, stderr } = await stage.x5t(['call', url, '--scope', scope])
  // What the app may do there is the Graph's to say; that it was asked with a token is what this shows.
  assert.ok(code === 0 || /answered 403/.test(stderr), stderr)
})

test('a service whose CA is not known: the hint names the option', async () => {
  const argv = ['call', `${entra.url}/v1.0/applications`, '--no-cache', '--ca', 'app.pem']
  const { code, stderr } = await stage.x5t(argv)
  assert.equal(code, 5, stderr)
  assert.match(stderr, /is not trusted[\s\S]*hint: [^\n]*--ca FILE[\s\S]*ERR_TLS_UNTRUSTED/)
})

test('method, headers and body are what was said; text that is JSON is sent as JSON', async () => {
  answer = async (request, response) => response.end(await text(request))
  const argv = ['call', `${api}/cars/1`, '-X', 'patch', '-H', 'If-Match: "7"', '-d', '{"colour":"red"}']
  const { code, stdout, stderr } = await stage.x5t(argv)
  assert.equal(code, 0, stderr)
  assert.equal(stdout, '{"colour":"red"}')
  const [request] = requests
  assert.equal(request?.method, 'PATCH')
  assert.equal(request?.headers['if-match'], '"7"')
  assert.equal(request?.headers['content-type'], 'application/json')
  assert.equal(request?.headers['content-length'], '16')
})

test('a body comes from a file, from standard input, and a large one is streamed', async () => {
  answer = async (request, response) => response.end(String((await text(request)).length))
  stage.write('small.json', '{}')
  stage.write('large.bin', 'x'.repeat(9_000_000))
  assert.equal((await stage.x5t(['call', api, '-d', '@small.json'])).stdout, '2')
  assert.equal((await stage.x5t(['call', api, '-d', '@-'], { input: 'a=b' })).stdout, '3')
  assert.equal((await stage.x5t(['call', api, '-d', '@large.bin'])).stdout, '9000000')
  assert.deepEqual(
    requests.map(({ headers }) => headers['content-length']),
    ['2', '3', '9000000'],
  )
  assert.equal((await stage.x5t(['call', api, '-d', '@gone'])).code, 3)
})

test('a refusal of the API is exit 4 with its own words, and stdout stays empty', async () => {
  answer = json({ error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges.' } }, 403)
  const { code, stdout, stderr } = await stage.x5t(['call', api])
  assert.deepEqual([code, stdout], [4, ''])
  assert.match(stderr, /answered 403 Forbidden: Authorization_RequestDenied: Insufficient privileges\.\n/)
  assert.match(stderr, /ERR_API_REFUSED\n$/)
  const asJson = await stage.x5t(['call', api, '--json'])
  assert.equal(asJson.stdout, '')
  assertIsErrorObject(asJson.stderr)
})

test('an API that is out of order is exit 5', async () => {
  answer = (_, response) => response.writeHead(500).end('<html>')
  const { code, stderr } = await stage.x5t(['call', api])
  assert.equal(code, 5)
  assert.match(stderr, /answered 500 Internal Server Error\n/)
})

test('reading waits as long as the API says, a few times', async () => {
  const waits: number[] = []
  answer = (_, response) =>
    response.writeHead(requests.length < 3 ? 429 : 200, { 'retry-after': '7' }).end('ok')
  const pause = async (ms: number) => {
    waits.push(ms)
  }
  const patient = await stage.x5t(['call', api], { pause })
  assert.deepEqual([patient.code, patient.stdout, waits], [0, 'ok', [7_000, 7_000]])
  answer = (_, response) => response.writeHead(429, { 'retry-after': '7' }).end()
  assert.equal((await stage.x5t(['call', api], { pause })).code, 5)
  requests = []
  assert.equal((await stage.x5t(['call', api, '-d', 'x'])).code, 5)
  assert.equal(requests.length, 1, 'a write was sent twice')
})

test('a claims challenge is answered once, with a new token', async () => {
  const claims = Buffer.from('{"access_token":{"nbf":{"essential":true,"value":"1"}}}').toString('base64')
  answer = (_, response) => {
    if (requests.length > 1) return response.end('in')
    const challenge = `Bearer error="insufficient_claims", claims="${claims}"`
    return response.writeHead(401, { 'www-authenticate': challenge }).end()
  }
  const { code, stdout, stderr } = await stage.x5t(['call', api])
  assert.deepEqual([code, stdout], [0, 'in'], stderr)
  assert.notEqual(requests[0]?.headers.authorization, requests[1]?.headers.authorization)
})

test('a redirect to another host is followed without the token, and only to read', async () => {
  const seen: IncomingMessage[] = []
  const elsewhere = await listen((request, response) => {
    seen.push(request)
    response.end('content')
  })
  answer = (_, response) => response.writeHead(302, { location: `${elsewhere}/file` }).end()
  const { code, stdout, stderr } = await stage.x5t(['call', api, '-H', 'Cookie: a=b'])
  assert.deepEqual([code, stdout], [0, 'content'])
  assert.match(stderr, /redirected to http:\/\/127\.0\.0\.1:\d+: followed without the token/)
  assert.equal(seen[0]?.headers.authorization, undefined)
  assert.equal(seen[0]?.headers.cookie, undefined)
  answer = (_, response) => response.writeHead(307, { location: `${elsewhere}/file` }).end()
  const write = await stage.x5t(['call', api, '-d', 'x'])
  assert.equal(write.code, 4)
  assert.match(write.stderr, /redirects POST to http/)
  assert.equal(seen.length, 1)
})

test('a redirect on the same host keeps the token; one without end is left', async () => {
  answer = (request, response) =>
    request.url === '/new' ? response.end('here') : response.writeHead(301, { location: '/new' }).end()
  assert.equal((await stage.x5t(['call', `${api}/old`])).stdout, 'here')
  assert.match(requests[1]?.headers.authorization ?? '', /^Bearer eyJ/)
  answer = (_, response) => response.writeHead(302, { location: '/again' }).end()
  assert.match((await stage.x5t(['call', api])).stderr, /redirects more than 5 times/)
})

test('the items of all pages are one array, or a line each', async () => {
  answer = (request, response) => {
    const page = Number(new URL(request.url ?? '', api).searchParams.get('page') ?? 1)
    const next = page < 3 ? { '@odata.nextLink': `${api}/users?page=${page + 1}` } : {}
    return json({ value: [{ id: page }, { id: -page }], ...next })(request, response)
  }
  const array = await stage.x5t(['call', `${api}/users`, '--paginate'])
  assert.equal(array.code, 0, array.stderr)
  assert.deepEqual(
    JSON.parse(array.stdout).map(({ id }: { id: number }) => id),
    [1, -1, 2, -2, 3, -3],
  )
  const lines = await stage.x5t(['call', `${api}/users`, '--paginate', '--output', 'lines'])
  assert.equal(lines.stdout.split('\n')[2], '{"id":2}')
  const few = await stage.x5t(['call', `${api}/users`, '--paginate', '--max-pages', '2'])
  assert.equal(few.code, 4)
  assert.match(few.stderr, /more than 2 pages/)
  answer = json({ value: [] })
  assert.equal((await stage.x5t(['call', api, '--paginate'])).stdout, '[]\n')
})

test('a next page on another host, and one that was read, end the call', async () => {
  answer = json({ value: [1], '@odata.nextLink': 'https://evil.example/users' })
  const stolen = await stage.x5t(['call', api, '--paginate'])
  assert.equal(stolen.code, 4)
  assert.match(stolen.stderr, /@odata\.nextLink leads to https:\/\/evil\.example; the token stays/)
  answer = (request, response) => json({ value: [1], '@odata.nextLink': `${api}/` })(request, response)
  assert.match((await stage.x5t(['call', `${api}/`, '--paginate'])).stderr, /leads back to a page/)
})

test('the token does not follow a page that a redirect found on another host', async () => {
  const others: IncomingMessage[] = []
  const other = await listen((request, response) => {
    others.push(request)
    json({ value: [1], '@odata.nextLink': `${other}/more` })(request, response)
  })
  answer = (_, response) => response.writeHead(302, { location: `${other}/users` }).end()
  const { code, stderr } = await stage.x5t(['call', api, '--paginate'])
  assert.equal(code, 4)
  assert.match(stderr, /@odata\.nextLink leads to http:\/\/127\.0\.0\.1:\d+; the token stays with/)
  assert.deepEqual(
    others.map(({ headers }) => headers.authorization),
    [undefined],
  )
})

for (const line of ['999 Denied', '200 \u001b[31mOK']) {
  test(`an answer that begins with ${JSON.stringify(line)} is no crash`, async () => {
    answer = ({ socket }) => socket.end(`HTTP/1.1 ${line}\r\ncontent-length: 0\r\n\r\n`)
    const { code, stderr } = await stage.x5t(['call', api])
    assert.equal(code, 5)
    assert.match(stderr, /no answer from 127\.0\.0\.1:\d+: what came is no HTTP answer/)
  })
}

test('--include begins with status and headers', async () => {
  answer = (_, response) => response.writeHead(201, { etag: '"7"' }).end('made')
  const { stdout } = await stage.x5t(['call', api, '-i'])
  assert.match(stdout, /^HTTP\/1\.1 201 Created\r\n[\s\S]*etag: "7"\r\n[\s\S]*\r\n\r\nmade$/)
})

test('--out writes a file that appears whole, with mode 0600, and replaces none', async () => {
  const bytes = Buffer.from([0, 255, 10, 0, 128])
  answer = (_, response) => response.end(bytes)
  const { code, stdout, stderr } = await stage.x5t(['call', api, '--out', 'a.bin'])
  assert.deepEqual([code, stdout], [0, ''], stderr)
  assert.deepEqual(Buffer.from(stage.read('a.bin')), Buffer.from(bytes.toString()))
  if (process.platform !== 'win32') assert.equal(statSync(join(stage.folder, 'a.bin')).mode & 0o777, 0o600)
  requests = []
  assert.equal((await stage.x5t(['call', api, '--out', 'a.bin'])).code, 3)
  assert.equal(requests.length, 0, 'the API was called although the file exists')
  assert.equal((await stage.x5t(['call', api, '--out', 'a.bin', '--force'])).code, 0)
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('half')
    setTimeout(() => response.destroy(), 20)
  }
  const broken = await stage.x5t(['call', api, '--out', 'b.bin'])
  assert.equal(broken.code, 5)
  assert.match(broken.stderr, /the answer of 127\.0\.0\.1:\d+ broke off/)
  assert.deepEqual(
    readdirSync(stage.folder).filter(
      (name) => name.endsWith('.bin') && name !== 'a.bin' && name !== 'large.bin',
    ),
    [],
  )
})

test('binary is not written to a terminal unless that is said', async () => {
  answer = (_, response) =>
    response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([137, 80, 0]))
  const written: (string | Uint8Array)[] = []
  const stdout = { isTTY: true, write: (chunk: string | Uint8Array) => written.push(chunk) }
  const refused = await stage.x5t(['call', api], { stdout })
  assert.equal(refused.code, 2)
  assert.match(
    refused.stderr,
    /binary \(image\/png\) is not written to a terminal\n[\s\S]*--out FILE\n[\s\S]*--out -/,
  )
  assert.deepEqual(written, [])
  assert.equal((await stage.x5t(['call', api, '--out', '-'], { stdout })).code, 0)
  assert.equal(written.length, 1)
})

test('an interruption ends the call and leaves no half file', async () => {
  let interrupt: (signal: 'SIGINT') => void = () => {}
  const untilStopped = () =>
    new Promise<'SIGINT'>((resolve) => {
      interrupt = resolve
    })
  answer = (_, response) => {
    response.writeHead(200).write('begin')
    setImmediate(() => interrupt('SIGINT'))
  }
  const before = readdirSync(stage.folder)
  const { code } = await stage.x5t(['call', api, '--out', 'never'], { untilStopped })
  assert.equal(code, 130)
  assert.deepEqual(readdirSync(stage.folder), before)
})

const usage: [argv: string[], stderr: RegExp][] = [
  [['call'], /URL is missing/],
  [['call', 'http://api.example/'], /a token must not travel in the clear/],
  [['call', 'https://user:secret@api.example/'], /holds a user or password/],
  [['call', 'https://a.example', '-H', 'Authorization: Bearer secret'], /are set by x5t/],
  [['call', 'https://a.example', '-H', 'Name: 日本', '-X', 'TRACE'], /--method takes[\s\S]*--header takes/],
  [['call', 'https://a.example', '-H', 'nonsense'], /--header takes "Name: value"/],
  [['call', 'https://a.example', '--paginate', '-d', 'x', '-i'], /--paginate reads[\s\S]*exclude each other/],
  [['call', 'https://a.example', '--force'], /--force goes with --out FILE/],
]
for (const [argv, stderr] of usage) {
  test(`x5t ${argv.join(' ').replace('secret', '…')} is a usage error`, async () => {
    const result = await stage.x5t(argv)
    assert.deepEqual([result.code, result.stdout], [2, ''])
    assert.match(result.stderr, stderr)
    assert.ok(!result.stderr.includes('secret'))
  })
}
