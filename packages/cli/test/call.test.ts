import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { demo } from '@x5t/emulator'
import { assertIsErrorObject } from './support/schema.ts'
import './call-pages.ts'
import './call-remembered.ts'
import { api, entra, json, listen, service, stage } from './support/call-stage.ts'

test('the token for the configured scope goes to the API, and its answer to stdout as it comes', async () => {
  service.answer = json({ make: 'tesla' })
  const { code, stdout, stderr } = await stage.x5t(['call', `${api}/cars`])
  assert.equal(code, 0, stderr)
  assert.equal(stdout, '{"make":"tesla"}')
  assert.match(stderr, /^token for api:\/\/c0ffee00-.*\/\.default \(scope of profile default/)
  assert.match(service.requests[0]?.headers.authorization ?? '', /^Bearer eyJ/)
})

test('for a service that is known by its host the scope is guessed, and said', async () => {
  const authority = 'https://login.microsoftonline.com'
  const { stderr } = await stage.x5t(
    ['call', 'https://contoso.vault.azure.net/secrets', '--authority', authority],
    {
      env: { ...stage.env, HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'localhost' },
    },
  )
  assert.match(
    stderr,
    /^token for https:\/\/vault\.azure\.net\/\.default \(guessed from contoso\.vault\.azure\.net/,
  )
  assert.match(stderr, /no answer from proxy 127\.0\.0\.1:1: connection refused/)
})

test('a token of an emulator goes to another host only where --scope says what it is for', async () => {
  const env = { ...stage.env, HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'localhost' }
  const url = 'https://graph.microsoft.com/v1.0/organization'
  const refused = await stage.x5t(['call', url], { env })
  assert.deepEqual([refused.code, refused.stdout], [3, ''], refused.stderr)
  assert.match(
    refused.stderr,
    /one of the emulator at https:\/\/localhost:\d+ \(.*graph\.microsoft\.com is not of this machine[\s\S]*--profile NAME[\s\S]*--scope SCOPE[\s\S]*ERR_CONFIG_INVALID/,
  )
  const scope = `api://${demo.carsAppId}/.default`
  const meant = await stage.x5t(['call', url, '--scope', scope], { env })
  assert.match(meant.stderr, /^token for api:.* \(--scope\)\n[\s\S]*no answer from proxy/)
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
  service.answer = async (request, response) => response.end(await text(request))
  const argv = ['call', `${api}/cars/1`, '-X', 'patch', '-H', 'If-Match: "7"', '-d', '{"colour":"red"}']
  const { code, stdout, stderr } = await stage.x5t(argv)
  assert.equal(code, 0, stderr)
  assert.equal(stdout, '{"colour":"red"}')
  const [request] = service.requests
  assert.equal(request?.method, 'PATCH')
  assert.equal(request?.headers['if-match'], '"7"')
  assert.equal(request?.headers['content-type'], 'application/json')
  assert.equal(request?.headers['content-length'], '16')
})

test('a body comes from a file, from standard input, and a large one is streamed', async () => {
  service.answer = async (request, response) => response.end(String((await text(request)).length))
  stage.write('small.json', '{}')
  stage.write('large.bin', 'x'.repeat(9_000_000))
  assert.equal((await stage.x5t(['call', api, '-d', '@small.json'])).stdout, '2')
  assert.equal((await stage.x5t(['call', api, '-d', '@-'], { input: 'a=b' })).stdout, '3')
  assert.equal((await stage.x5t(['call', api, '-d', '@large.bin'])).stdout, '9000000')
  assert.deepEqual(
    service.requests.map(({ headers }) => headers['content-length']),
    ['2', '3', '9000000'],
  )
  assert.equal((await stage.x5t(['call', api, '-d', '@gone'])).code, 3)
})

test('a refusal of the API is exit 4 with its own words, and stdout stays empty', async () => {
  service.answer = json(
    { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges.' } },
    403,
  )
  const { code, stdout, stderr } = await stage.x5t(['call', api])
  assert.deepEqual([code, stdout], [4, ''])
  assert.match(stderr, /answered 403 Forbidden: Authorization_RequestDenied: Insufficient privileges\.\n/)
  assert.match(stderr, /ERR_API_REFUSED\n$/)
  const asJson = await stage.x5t(['call', api, '--json'])
  assert.equal(asJson.stdout, '')
  assertIsErrorObject(asJson.stderr)
})

test('an API that is out of order is exit 5', async () => {
  service.answer = (_, response) => response.writeHead(500).end('<html>')
  const { code, stderr } = await stage.x5t(['call', api])
  assert.equal(code, 5)
  assert.match(stderr, /answered 500 Internal Server Error\n/)
})

test('where an API of this machine is what does not run, nobody is told to start the emulator', async () => {
  const { code, stderr } = await stage.x5t(['call', 'http://127.0.0.1:9/'])
  assert.equal(code, 5)
  assert.match(stderr, /no answer from 127\.0\.0\.1:9/)
  assert.doesNotMatch(stderr, /start the emulator/)
})

test('reading waits as long as the API says, a few times', async () => {
  const waits: number[] = []
  service.answer = (_, response) =>
    response.writeHead(service.requests.length < 3 ? 429 : 200, { 'retry-after': '7' }).end('ok')
  const pause = async (ms: number) => {
    waits.push(ms)
  }
  const patient = await stage.x5t(['call', api], { pause })
  assert.deepEqual([patient.code, patient.stdout, waits], [0, 'ok', [7_000, 7_000]])
  service.answer = (_, response) => response.writeHead(429, { 'retry-after': '7' }).end()
  assert.equal((await stage.x5t(['call', api], { pause })).code, 5)
  service.requests = []
  assert.equal((await stage.x5t(['call', api, '-d', 'x'])).code, 5)
  assert.equal(service.requests.length, 1, 'a write was sent twice')
})

test('a claims challenge is answered once, with a new token', async () => {
  const claims = Buffer.from('{"access_token":{"nbf":{"essential":true,"value":"1"}}}').toString('base64')
  service.answer = (_, response) => {
    if (service.requests.length > 1) return response.end('in')
    const challenge = `Bearer error="insufficient_claims", claims="${claims}"`
    return response.writeHead(401, { 'www-authenticate': challenge }).end()
  }
  const { code, stdout, stderr } = await stage.x5t(['call', api])
  assert.deepEqual([code, stdout], [0, 'in'], stderr)
  assert.notEqual(service.requests[0]?.headers.authorization, service.requests[1]?.headers.authorization)
})

test('a redirect to another host is followed without the token, and only to read', async () => {
  const seen: IncomingMessage[] = []
  const elsewhere = await listen((request, response) => {
    seen.push(request)
    response.end('content')
  })
  service.answer = (_, response) => response.writeHead(302, { location: `${elsewhere}/file` }).end()
  const { code, stdout, stderr } = await stage.x5t(['call', api, '-H', 'Cookie: a=b'])
  assert.deepEqual([code, stdout], [0, 'content'])
  assert.match(stderr, /redirected to http:\/\/127\.0\.0\.1:\d+: followed without the token/)
  assert.equal(seen[0]?.headers.authorization, undefined)
  assert.equal(seen[0]?.headers.cookie, undefined)
  service.answer = (_, response) => response.writeHead(307, { location: `${elsewhere}/file` }).end()
  const write = await stage.x5t(['call', api, '-d', 'x'])
  assert.equal(write.code, 4)
  assert.match(write.stderr, /redirects POST to http/)
  assert.equal(seen.length, 1)
})

test('a redirect on the same host keeps the token; one without end is left', async () => {
  service.answer = (request, response) =>
    request.url === '/new' ? response.end('here') : response.writeHead(301, { location: '/new' }).end()
  assert.equal((await stage.x5t(['call', `${api}/old`])).stdout, 'here')
  assert.match(service.requests[1]?.headers.authorization ?? '', /^Bearer eyJ/)
  service.answer = (_, response) => response.writeHead(302, { location: '/again' }).end()
  assert.match((await stage.x5t(['call', api])).stderr, /redirects more than 5 times/)
})

for (const line of ['999 Denied', '200 \u001b[31mOK']) {
  test(`an answer that begins with ${JSON.stringify(line)} is no crash`, async () => {
    service.answer = ({ socket }) => socket.end(`HTTP/1.1 ${line}\r\ncontent-length: 0\r\n\r\n`)
    const { code, stderr } = await stage.x5t(['call', api])
    assert.equal(code, 5)
    assert.match(stderr, /no answer from 127\.0\.0\.1:\d+: what came is no HTTP answer/)
  })
}

test('--include begins with status and headers', async () => {
  service.answer = (_, response) => response.writeHead(201, { etag: '"7"' }).end('made')
  const { stdout } = await stage.x5t(['call', api, '-i'])
  assert.match(stdout, /^HTTP\/1\.1 201 Created\r\n[\s\S]*etag: "7"\r\n[\s\S]*\r\n\r\nmade$/)
})

test('--out writes a file that appears whole, with mode 0600, and replaces none', async () => {
  const bytes = Buffer.from([0, 255, 10, 0, 128])
  service.answer = (_, response) => response.end(bytes)
  const { code, stdout, stderr } = await stage.x5t(['call', api, '--out', 'a.bin'])
  assert.deepEqual([code, stdout], [0, ''], stderr)
  assert.deepEqual(Buffer.from(stage.read('a.bin')), Buffer.from(bytes.toString()))
  if (process.platform !== 'win32') assert.equal(statSync(join(stage.folder, 'a.bin')).mode & 0o777, 0o600)
  service.requests = []
  assert.equal((await stage.x5t(['call', api, '--out', 'a.bin'])).code, 3)
  assert.equal(service.requests.length, 0, 'the API was called although the file exists')
  assert.equal((await stage.x5t(['call', api, '--out', 'a.bin', '--force'])).code, 0)
  service.answer = (_, response) => {
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
  service.answer = (_, response) =>
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
  service.answer = (_, response) => {
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
