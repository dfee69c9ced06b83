import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
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

/** The token `kept` is remembered, and due; what the service is asked from now on is held. */
async function keepDue(context: TestContext, held: ServerResponse[], wanted: number) {
  let onHeld = () => {}
  const areHeld = new Promise<void>((resolve) => {
    onHeld = resolve
  })
  let isHolding = false
  const forms: Promise<string>[] = []
  const authority = await listen((request, response) => {
    forms.push(text(request))
    if (!isHolding) return give(response, 'kept')
    if (held.push(response) === wanted) onHeld()
  })
  service.answer = (_, response) => response.end('served')
  const call = () => stage.x5t(['call', api, '--authority', authority])
  await call()
  isHolding = true
  const later = Date.now() + 1_801_000
  context.mock.method(Date, 'now', () => later)
  context.mock.timers.enable({ apis: ['setTimeout'] })
  return { call, areHeld, forms }
}

function give(response: ServerResponse, token: string): void {
  const body = { token_type: 'Bearer', expires_in: 3_600, refresh_in: 1_800, access_token: token }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

test('while a remembered token that is due serves, a silent service is left alone after 2 s', {
  timeout: 20_000,
}, async (context) => {
  const held: ServerResponse[] = []
  const { call, areHeld, forms } = await keepDue(context, held, 1)
  const { code, stdout, stderr } = await call()
  assert.deepEqual([code, stdout], [0, 'served'], stderr)
  await areHeld
  const claims = (await Promise.all(forms)).map((form) => new URLSearchParams(form).get('claims'))
  assert.equal(claims[1], claims[0]) // it is a token of the same kind
  const left = Promise.all(held.map((response) => once(response, 'close')))
  context.mock.timers.tick(2_000)
  await left
})

test('a challenge to a remembered token that is due is answered with the time of any other', {
  timeout: 20_000,
}, async (context) => {
  const held: ServerResponse[] = []
  const { call, areHeld } = await keepDue(context, held, 2)
  const claims = Buffer.from('{"access_token":{}}').toString('base64')
  const challenge = `Bearer error="insufficient_claims", claims="${claims}"`
  service.answer = ({ headers }, response) => {
    if (headers.authorization === 'Bearer new') response.end('served')
    else response.writeHead(401, { 'www-authenticate': challenge }).end()
  }
  const called = call()
  await areHeld
  const left = Promise.race(held.map((response) => once(response, 'close')))
  context.mock.timers.tick(2_000)
  await left
  for (const response of held) if (!response.destroyed) give(response, 'new')
  const { code, stdout, stderr } = await called
  assert.deepEqual([code, stdout], [0, 'served'], stderr)
})

test('a challenge that was answered and comes again reaches the caller', async () => {
  await stage.x5t(['call', api])
  const before = service.requests.length
  const claims = Buffer.from('{"access_token":{}}').toString('base64')
  const challenge = `Bearer error="insufficient_claims", claims="${claims}"`
  service.answer = (_, response) => response.writeHead(401, { 'www-authenticate': challenge }).end()
  assert.equal((await stage.x5t(['call', api])).code, 4)
  assert.equal(service.requests.length - before, 2)
})

test('a page behind the end of a remembered token is asked for with another', async (context) => {
  const list = (response: ServerResponse, body: object) => response.end(JSON.stringify(body))
  service.answer = (_, response) => list(response, { value: [] })
  await stage.x5t(['call', api, '--no-cache'])
  await stage.x5t(['call', api])
  service.requests.shift()
  const { exp } = JSON.parse(Buffer.from(sentTokens()[0]?.split('.')[1] ?? '', 'base64url').toString())
  let now = exp * 1_000 - 60_000
  context.mock.method(Date, 'now', () => now)
  service.answer = ({ url }, response) => {
    now = exp * 1_000 + 60_000
    list(response, url === '/' ? { value: [1], '@odata.nextLink': `${api}/2` } : { value: [2] })
  }
  const { code, stdout, stderr } = await stage.x5t(['call', api, '--paginate', '--output', 'lines'])
  assert.deepEqual([code, stdout], [0, '1\n2\n'], stderr)
  const [remembered, first, second] = sentTokens()
  assert.equal(first, remembered)
  assert.notEqual(first, second)
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
