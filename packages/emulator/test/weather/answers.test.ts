import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import type { NewFault } from '../../src/weather/fault.ts'
import { bodyOf, certify, createStage, now, origin, type Stage, tenantId } from '../support/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await createStage()
})

const ask = async (changes: Record<string, string> = {}) => stage.post(await stage.form(changes))

test('latency is waited for, and the answer is the true one', async () => {
  stage.sky.arm({ kind: 'latency', ms: 250 })
  assert.equal((await ask()).status, 200)
  assert.deepEqual(stage.slept, [250])
})

test('throttling is a 429 that says when to come back, in seconds or as a date', async () => {
  stage.sky.arm({ kind: 'throttling', retryAfterSeconds: 7, count: 1 })
  const response = await ask()
  assert.deepEqual([response.status, response.headers.get('retry-after')], [429, '7'])
  const { error, error_codes } = await bodyOf(response)
  assert.deepEqual([error, error_codes], ['temporarily_unavailable', [90055]])
  assert.deepEqual(stage.judged, [])

  stage.sky.arm({ kind: 'throttling', retryAfterSeconds: 7, retryAfterForm: 'date' })
  assert.equal((await ask()).headers.get('retry-after'), new Date(now + 7000).toUTCString())
})

const outages: readonly [fault: NewFault, status: number, type: string | null, body: RegExp][] = [
  [{ kind: 'outage' }, 503, 'text/html; charset=utf-8', /<h1>503 Service Unavailable<\/h1>/],
  [{ kind: 'outage', status: 500, body: 'empty' }, 500, null, /^$/],
  [{ kind: 'outage', body: 'json' }, 503, 'application/json; charset=utf-8', /AADSTS90033: A transient/],
  [{ kind: 'html' }, 200, 'text/html; charset=utf-8', /^<!DOCTYPE html>/],
  [{ kind: 'empty' }, 200, null, /^$/],
]
for (const [fault, status, type, body] of outages) {
  test(`${JSON.stringify(fault)} is answered with ${status} and ${type ?? 'nothing'}`, async () => {
    stage.sky.arm(fault)
    const response = await ask()
    assert.deepEqual([response.status, response.headers.get('content-type')], [status, type])
    assert.equal(response.headers.get('retry-after'), null)
    assert.equal(response.headers.get('date'), new Date(now).toUTCString())
    assert.match(await response.text(), body)
  })
}

test('an outage can say when to come back', async () => {
  stage.sky.arm({ kind: 'outage', retryAfterSeconds: 30 })
  assert.equal((await ask()).headers.get('retry-after'), '30')
})

test('stale key sets are without the key that signs, as often as was said', async () => {
  stage.sky.arm({ kind: 'stale-keys', count: 2 })
  const { access_token: token } = await bodyOf(ask())
  const { kid } = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())
  const kids = async (path: string) => {
    const response = await stage.app.request(`${origin}/${tenantId}/${path}`)
    const { keys } = (await response.json()) as { keys: { kid: string }[] } // as: what is asserted below
    return keys.map((one) => one.kid)
  }
  for (const path of ['discovery/keys', 'discovery/v2.0/keys']) {
    const stale = await kids(path)
    assert.ok(stale.length > 0 && !stale.includes(kid), path)
  }
  assert.ok((await kids('discovery/keys')).includes(kid))
})

test('truncation sends the first half of a good answer', async () => {
  stage.sky.arm({ kind: 'truncation' })
  const response = await ask()
  assert.equal(response.status, 200)
  const half = await response.text()
  assert.ok(half.startsWith('{"token_type":"Bearer"'))
  assert.throws(() => JSON.parse(half), SyntaxError)
})

test('a wrong content type stands over the true body', async () => {
  stage.sky.arm({ kind: 'content-type', contentType: 'application/octet-stream' })
  const response = await ask()
  assert.equal(response.headers.get('content-type'), 'application/octet-stream')
  assert.equal(response.headers.get('content-security-policy'), 'sandbox')
  assert.ok((await bodyOf(response)).access_token)
})

test('slowness sends the true body at its rate', async () => {
  stage.sky.arm({ kind: 'slowness', bytesPerSecond: 1000 })
  const text = await (await ask()).text()
  assert.ok(JSON.parse(text).access_token)
  assert.equal(stage.slept.length, Math.ceil(text.length / 100))
  assert.deepEqual([...new Set(stage.slept)], [100])
})

test('a skewed Date is in the header only', async () => {
  stage.sky.arm({ kind: 'date-skew', seconds: -600 })
  const response = await ask({ scope: 'nonsense' })
  assert.equal(response.headers.get('date'), new Date(now - 600_000).toUTCString())
  assert.equal((await bodyOf(response)).timestamp, '2026-09-14 08:12:31Z')
})

test('faults add up: late, with a wrong date, under a wrong type', async () => {
  for (const kind of ['latency', 'date-skew', 'content-type'] as const) stage.sky.arm({ kind })
  const response = await ask()
  assert.deepEqual([stage.slept, response.headers.get('content-type')], [[1000], 'text/plain'])
  assert.equal(response.headers.get('date'), new Date(now + 3_600_000).toUTCString())
  assert.equal(
    response.headers.get('x-emulator-weather'),
    'armed w1 latency, w2 date-skew, w3 content-type; met w1, w2, w3',
  )
})

test('while anything is armed every answer says so, and afterwards none', async () => {
  const paths = ['/healthz', `/${tenantId}/discovery/keys`, '/nothing']
  const said = async (path: string) => (await stage.get(path)).headers.get('x-emulator-weather')
  for (const path of paths) assert.equal(await said(path), null)
  stage.sky.arm({ kind: 'empty', endpoint: 'token' })
  for (const path of paths) assert.equal(await said(path), 'armed w1 empty', path)
  assert.equal(
    (await stage.get('/', { host: 'evil.example' })).headers.get('x-emulator-weather'),
    'armed w1 empty',
  )
  stage.sky.clear()
  for (const path of paths) assert.equal(await said(path), null)
})

test('discovery and keys have weather of their own, the emulator’s own routes have none', async () => {
  stage.sky.arm({ kind: 'outage' })
  const discovery = `/${tenantId}/v2.0/.well-known/openid-configuration`
  for (const path of [discovery, `/${tenantId}/discovery/v2.0/keys`, '/common/discovery/instance'])
    assert.equal((await stage.get(path)).status, 503, path)
  assert.equal((await stage.get('/_emulator/state')).status, 200)
  stage.sky.clear()
  stage.sky.arm({ kind: 'outage', endpoint: 'keys' })
  assert.equal((await stage.get(discovery)).status, 200)
  assert.equal((await ask()).status, 200)
})

test('a fault of one client leaves the others alone, whether the client is named in the form or by Basic', async () => {
  const { appId } = stage.control.addApp({ name: 'other', secrets: ['geheim'] })
  stage.sky.arm({ kind: 'throttling', appId })
  assert.equal((await ask()).status, 200)
  const basic = `Basic ${Buffer.from(`${appId}:geheim`).toString('base64')}`
  const form = new URLSearchParams({ grant_type: 'client_credentials', scope: `${stage.api.appId}/.default` })
  assert.equal((await stage.post(form.toString(), { headers: { authorization: basic } })).status, 429)
  form.set('client_id', appId)
  assert.equal((await stage.post(form.toString())).status, 429)
})

test('a new certificate is known only so long after its registration, by the emulator’s clock', async () => {
  stage.sky.arm({ kind: 'propagation', seconds: 60, appId: stage.client.appId })
  const { error_codes, error_description } = await bodyOf(ask())
  assert.deepEqual(error_codes, [700027])
  assert.match(error_description, /The key was not found/)
  stage.clock.advance(59)
  assert.equal((await ask()).status, 401)
  stage.clock.advance(1)
  assert.equal((await ask()).status, 200)
  assert.equal(stage.sky.armed()[0]?.hits, 2)
})

test('a propagation that is met by chance alternates, as lagging servers do', async () => {
  stage.sky.arm({ kind: 'propagation', probability: 0.5 })
  const statuses = []
  for (let i = 0; i < 20; i++) statuses.push((await ask()).status)
  assert.deepEqual([...new Set(statuses)].sort(), [200, 401])
})

test('a removed certificate can be known for a while', async () => {
  const [application] = stage.directory.registrations(stage.client.appId)
  const keyId = application?.certificates[0]?.keyId
  stage.control.removeCertificate({ appId: stage.client.appId, keyId })
  assert.equal((await ask()).status, 401)
  stage.sky.arm({ kind: 'removal', seconds: 30 })
  assert.equal((await ask()).status, 200)
  stage.clock.advance(30)
  assert.equal((await ask()).status, 401)
})

test('of removed certificates the latest twenty are kept', async () => {
  const [application] = stage.directory.registrations(stage.client.appId)
  const pem = await certify()
  for (let i = 0; i < 25; i++) {
    const { keyId } = stage.control.addCertificate({ appId: stage.client.appId, certificate: pem })
    stage.control.removeCertificate({ appId: stage.client.appId, keyId })
  }
  assert.equal(application?.removedCertificates?.length, 20)
})

async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await stage.app.request(`${origin}/_emulator/weather${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, answer: response.status === 204 ? undefined : await response.json() }
}

test('weather is armed, seen and cleared by JSON', async () => {
  const { status, answer } = await send('POST', '', { kind: 'throttling', count: 1, tenant: tenantId })
  assert.equal(status, 201)
  assert.deepEqual(answer, {
    id: 'w1',
    kind: 'throttling',
    retryAfterSeconds: 5,
    retryAfterForm: 'seconds',
    tenant: tenantId,
    count: 1,
    probability: 1,
    seed: 1,
    remaining: 1,
    hits: 0,
    armedAt: new Date(now).toISOString(),
  })
  assert.deepEqual((await send('GET', '')).answer, { armed: [answer], spent: [] })
  await ask()
  const spent = { ...(answer as object), remaining: 0, hits: 1 } // as: it was compared above
  assert.deepEqual((await send('GET', '')).answer, { armed: [], spent: [spent] })

  await send('POST', '', { kind: 'empty' })
  await send('POST', '', { kind: 'html' })
  assert.equal((await send('DELETE', '/w2')).status, 204)
  assert.equal((await send('DELETE', '/w2')).status, 404)
  assert.equal((await send('DELETE', '')).status, 204)
  assert.deepEqual(stage.sky.armed(), [])
})

test('weather that cannot be, or that a foreign page asks for, is refused', async () => {
  const hail = { error: { code: 'BadRequest', message: /^fault: kind: expected latency/ } }
  const { status, answer } = await send('POST', '', { kind: 'hail' })
  assert.equal(status, 400)
  assert.match((answer as { error: { message: string } }).error.message, hail.error.message)
  const foreign = { origin: 'https://evil.example' }
  assert.equal((await send('POST', '', { kind: 'empty' }, foreign)).status, 403)
  assert.equal((await send('DELETE', '', undefined, foreign)).status, 403)
})
