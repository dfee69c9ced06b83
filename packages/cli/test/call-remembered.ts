import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { api, listen, service, stage } from './support/call-stage.ts'

/** Refuses all tokens that it has seen up to now, as it does after a grant or with new keys. */
function refuseOld(status: number): void {
  const old = new Set(sentTokens())
  service.requests = []
  service.answer = async (request, response) => {
    const { length } = await text(request)
    response.writeHead(old.has(request.headers.authorization) ? status : 200).end(String(length))
  }
}
const sentTokens = () => service.requests.map(({ headers }) => headers.authorization)

for (const status of [401, 403]) {
  test(`a remembered token that is refused with ${status} gives way to a new one, which is remembered`, async () => {
    refuseOld(status)
    await stage.x5t(['call', api])
    refuseOld(status)
    const { code, stdout, stderr } = await stage.x5t(['call', api])
    assert.deepEqual([code, stdout], [0, '0'], stderr)
    const [old, renewed, ...more] = sentTokens()
    assert.deepEqual(more, [])
    assert.notEqual(renewed, old)
    assert.match(
      stderr,
      new RegExp(`refused the remembered token \\(${status}\\): sent again with a new one\n`),
    )
    await stage.x5t(['call', api])
    assert.equal(sentTokens()[2], renewed)
  })
}

test('while a remembered token that is due serves, a silent service is left alone after 2 s', {
  timeout: 20_000,
}, async (context) => {
  const body = { token_type: 'Bearer', expires_in: 3_600, refresh_in: 1_800, access_token: 'kept' }
  let asked = 0
  let onRenewal = (_: IncomingMessage) => {}
  const renewal = new Promise<IncomingMessage>((resolve) => {
    onRenewal = resolve
  })
  const authority = await listen((request, response) => {
    asked += 1
    if (asked > 1) return onRenewal(request)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  service.answer = (_, response) => response.end('served')
  const call = () => stage.x5t(['call', api, '--authority', authority])
  await call()
  const later = Date.now() + 1_801_000
  context.mock.method(Date, 'now', () => later)
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const { code, stdout, stderr } = await call()
  assert.deepEqual([code, stdout], [0, 'served'], stderr)
  const left = once((await renewal).socket, 'close')
  context.mock.timers.tick(2_000)
  await left
})

test('a body that is streamed is sent again too', async () => {
  await stage.x5t(['call', api])
  refuseOld(401)
  stage.write('large', 'x'.repeat(9_000_000))
  const { code, stdout, stderr } = await stage.x5t(['call', api, '-d', '@large'])
  assert.deepEqual([code, stdout, service.requests.length], [0, '9000000', 2], stderr)
})

test('a new token that is refused is not asked for again, nor is one that --no-cache asked for', async () => {
  service.answer = (_, response) => response.writeHead(403).end()
  const { code, stderr } = await stage.x5t(['call', api])
  assert.deepEqual([code, service.requests.length], [4, 2], stderr)
  assert.match(
    stderr,
    /hint: see which roles a new token has: x5t token --no-cache --scope \S+ \| x5t decode\n/,
  )
  service.requests = []
  await stage.x5t(['call', api, '--no-cache'])
  assert.equal(service.requests.length, 1)
})

test('a claims challenge that the API repeats is no reason to ask for one more', async () => {
  const claims = Buffer.from('{"access_token":{}}').toString('base64')
  const challenge = `Bearer error="insufficient_claims", claims="${claims}"`
  service.answer = (_, response) => response.writeHead(401, { 'www-authenticate': challenge }).end()
  assert.equal((await stage.x5t(['call', api])).code, 4)
  assert.equal(service.requests.length, 2)
})

test('with 401 to a scope that was not named, the hint names the option', async () => {
  service.answer = (_, response) => response.writeHead(401).end()
  const configured = await stage.x5t(['call', `${api}/v1.0/organization`])
  assert.match(
    configured.stderr,
    /hint: the token is for api:\S+ \(scope of profile default[^\n]*\); for what the API wants: --scope https:\/\/graph\.microsoft\.com\/\.default\n/,
  )
  const graph = 'https://graph.microsoft.com/.default'
  const named = await stage.x5t(['call', api, '--scope', graph, '--profile', 'default'])
  assert.ok(named.stderr.includes(`x5t doctor --scope ${graph} --profile default\n`), named.stderr)
})
