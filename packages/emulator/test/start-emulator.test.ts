import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as requestPlain } from 'node:http'
import { request } from 'node:https'
import { connect as connectTcp } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { connect } from 'node:tls'
import { demo } from '../src/directory/demo.ts'
import type { Emulator } from '../src/emulator.ts'
import { startEmulator } from '../src/start-emulator.ts'
import { certify } from './support/stage.ts'

const native = [Request, Response]
let entra: Emulator
before(async () => {
  entra = await startEmulator()
})
after(() => entra.stop())

interface Sent {
  readonly headers?: Record<string, string>
  readonly method?: string
  readonly body?: string
}

function send(path: string, { headers = {}, method = 'GET', body }: Sent = {}) {
  return new Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      const options = { ca: entra.caPem, headers, method, agent: false, servername: 'localhost' }
      const sent = request(`${entra.url}${path}`, options, async (response) => {
        resolve({ status: response.statusCode ?? 0, body: await text(response), headers: response.headers })
      })
      sent.on('error', reject)
      sent.end(body)
    },
  )
}

test('without a seed there is a demo tenant with a client and an API', async () => {
  assert.equal(entra.tenantId, demo.tenantId)
  const { body } = await send('/_emulator/state')
  const [tenant] = JSON.parse(body).tenants
  assert.deepEqual(tenant.domains, ['contoso.onmicrosoft.com'])
  const [client, api] = tenant.apps
  assert.deepEqual([client.name, client.appId, client.certificates], ['demo-daemon', demo.appId, []])
  assert.deepEqual(client.grants, [{ resourceAppId: demo.carsAppId, role: 'Cars.Read' }])
  assert.deepEqual(api.identifierUris, [`api://${demo.carsAppId}`])
})

test('the url says localhost and the port that it took', () => {
  assert.equal(entra.url, `https://localhost:${entra.port}`)
  assert.notEqual(entra.port, 0)
})

test('unknown Host names are refused, known ones are served', async () => {
  for (const host of ['evil.example', 'localhost.evil.example', 'evil.example:8443', '169.254.169.254'])
    assert.equal((await send('/_emulator/state', { headers: { host } })).status, 403, host)
  for (const host of [
    'localhost',
    'LOCALHOST:1',
    '127.0.0.1',
    '[::1]:99',
    'graph.microsoft.com',
    'sts.windows.net',
  ])
    assert.equal((await send('/healthz', { headers: { host } })).status, 200, host)
})

test('addresses beyond this machine are not listened on', async () => {
  for (const host of ['0.0.0.0', '::', '192.0.2.1']) await assert.rejects(startEmulator({ host }), TypeError)
})

test('two words open it to others, and the Host list stays', async () => {
  const open = await startEmulator({ http: true, host: '0.0.0.0', allowRemote: true })
  try {
    const status = async (host: string) => {
      const [response] = await once(
        requestPlain({
          port: open.port,
          host: '127.0.0.1',
          path: '/healthz',
          headers: { host },
          agent: false,
        }).end(),
        'response',
      )
      return response.resume().statusCode
    }
    assert.equal(await status('login.microsoftonline.com'), 200)
    assert.equal(await status('0.0.0.0'), 200)
    assert.equal(await status('evil.example'), 403)
  } finally {
    await open.stop()
  }
})

test('one address that others reach is the host of the url, for localhost does not lead there', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const open = await startEmulator({ http: true, host: '127.0.0.2', allowRemote: true })
  t.after(() => open.stop())
  assert.equal(open.url, `http://127.0.0.2:${open.port}`)
  assert.equal((await fetch(`${open.url}/healthz`)).status, 200)
})

test('a port that is taken is an error with its code', async () => {
  await assert.rejects(startEmulator({ http: true, port: entra.port }), { code: 'EADDRINUSE' })
})

/** What comes back for bytes that are sent as they are. */
async function raw(bytes: string): Promise<string> {
  const socket = connect({ port: entra.port, host: '127.0.0.1', ca: entra.caPem, servername: 'localhost' })
  socket.end(bytes)
  return text(socket)
}

const notHttp: readonly [what: string, bytes: string, status: number][] = [
  ['no HTTP at all', 'hello\r\n\r\n', 400],
  ['headers without end', `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['a request without Host', 'GET /x HTTP/1.0\r\n\r\n', 400],
  ['a Host that is no name', 'GET /x HTTP/1.1\r\nhost: a b\r\n\r\n', 400],
  ['a path that is no URL', 'GET http:// HTTP/1.1\r\nhost: localhost\r\n\r\n', 400],
]
for (const [what, bytes, status] of notHttp) {
  test(`${what} is answered with ${status} and an error body`, async () => {
    const answer = await raw(bytes)
    assert.ok(answer.startsWith(`HTTP/1.1 ${status} `), answer.slice(0, 100))
    const body = JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1))
    assert.equal(body.error, 'invalid_request')
    assert.deepEqual(body.error_codes, [9002313])
    assert.equal(body.error_uri, `${entra.url}/error?code=9002313`)
    assert.match(answer, new RegExp(`x-ms-request-id: ${body.trace_id}`))
  })
}

for (const [target, host] of [
  ['https://localhost/_emulator/state', 'evil.example'],
  ['https://evil.example/_emulator/state', 'localhost'],
]) {
  test(`a request line that names ${target} and the Host ${host} is refused`, async () => {
    assert.match(await raw(`GET ${target} HTTP/1.1\r\nhost: ${host}\r\n\r\n`), /^HTTP\/1\.1 403 /)
  })
}

test('a body that comes in chunks is read, and no further than the limit', async () => {
  const path = `/${demo.tenantId}/oauth2/v2.0/token`
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'transfer-encoding': 'chunked' }
  const small = await send(path, { method: 'POST', headers, body: 'grant_type=x' })
  assert.deepEqual(JSON.parse(small.body).error_codes, [70003])
  const large = await send(path, { method: 'POST', headers, body: `grant_type=${'x'.repeat(70_000)}` })
  assert.deepEqual(JSON.parse(large.body).error_codes, [9002313])
})

test('the emulator works over http when told to', async () => {
  const plain = await startEmulator({ http: true })
  try {
    assert.equal(plain.url, `http://localhost:${plain.port}`)
    assert.equal(plain.caPem, '')
    const response = await fetch(`${plain.url}/${plain.tenantId}/v2.0/.well-known/openid-configuration`)
    const { issuer } = (await response.json()) as { issuer: string } // as: asserted on the next line
    assert.equal(issuer, `${plain.url}/${plain.tenantId}/v2.0`)
  } finally {
    await plain.stop()
  }
})

test('stop ends open connections at once, frees the port, and may be called twice', {
  timeout: 10_000,
}, async () => {
  const other = await startEmulator()
  // It never speaks, so that it is amid its TLS handshake to the end.
  const silent = connectTcp(other.port, '127.0.0.1')
  await once(silent, 'connect')
  const closed = once(silent, 'close')
  await Promise.all([other.stop(), closed])
  await other.stop()
  const again = await startEmulator({ http: true, port: other.port })
  await again.stop()
})

test('Request and Response of the process that embeds it stay Node’s own', () => {
  assert.deepEqual([globalThis.Request, globalThis.Response], native)
})

test('apps, certificates and roles can be changed while it runs', async () => {
  const certificate = await certify()
  const api = entra.addApp({ name: 'api', appRoles: ['R'] })
  const { appId } = entra.addApp({ name: 'app', grants: [{ resourceAppId: api.appId, role: 'R' }] })
  const added = entra.addCertificate({ appId, certificate })
  assert.deepEqual(entra.addCertificate({ appId, certificate }), added)
  entra.removeCertificate({ appId, keyId: added.keyId })
  assert.throws(() => entra.removeCertificate({ appId, keyId: added.keyId }), RangeError)
  assert.throws(() => entra.addApp({ name: 'app', appId }), {
    name: 'DefinitionError',
    message: /app: appId: .* registered already/,
  })
  assert.throws(
    () => entra.grantRole({ clientAppId: appId, resourceAppId: api.appId, role: 'X' }),
    /role: role: app api has no role X/,
  )
})

test('an app with a role that does not exist is not added at all', async () => {
  const appId = '0b5e7a3c-9d2f-4e61-8c47-1f3a5b7d9e20'
  const grants = [{ resourceAppId: demo.carsAppId, role: 'Cars.Write' }]
  assert.throws(() => entra.addApp({ name: 'app', appId, grants }), /app: grants\[0\]\.role: /)
  entra.addApp({ name: 'app', appId })
})
