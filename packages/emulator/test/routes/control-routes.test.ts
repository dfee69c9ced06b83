import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { before, test } from 'node:test'
import { certify, createStage, origin, type Stage } from '../support/stage.ts'

type Json = Record<string, unknown>
let stage: Stage
before(async () => {
  stage = await createStage()
})

async function change(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await stage.app.request(`${origin}/_emulator${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const answer = response.status === 204 ? {} : ((await response.json()) as Json) // as: asserted by the tests
  return { status: response.status, answer }
}

test('health is answered', async () => {
  const answers = await Promise.all(['/healthz', '/readyz'].map((path) => stage.get(path)))
  assert.deepEqual(await Promise.all(answers.map((response) => response.json())), [
    { status: 'ok' },
    { status: 'ready' },
  ])
})

test('an app, its certificate and its role are registered by JSON', async () => {
  const certificate = await certify()
  const added = await change('POST', '/apps', { name: 'app' })
  assert.equal(added.status, 201)
  assert.deepEqual(Object.keys(added.answer), ['appId', 'objectId', 'servicePrincipalId'])
  const at = `/apps/${added.answer.appId}`

  const uploaded = await change('POST', `${at}/certificates`, { certificate })
  assert.equal(uploaded.status, 201)
  assert.match(String(uploaded.answer.thumbprintSha1Hex), /^[0-9A-F]{40}$/)
  assert.equal(uploaded.answer.displayName, 'CN=billing')
  assert.equal(uploaded.answer.startDateTime, '2026-09-13T08:12:31.000Z')

  const grant = { resourceAppId: stage.api.appId, role: 'Cars.Read' }
  assert.deepEqual(await change('POST', `${at}/roles`, grant), { status: 201, answer: grant })
  assert.equal((await change('DELETE', `${at}/certificates/${uploaded.answer.keyId}`)).status, 204)
  assert.equal((await change('DELETE', `${at}/certificates/${uploaded.answer.keyId}`)).status, 404)
})

test('a certificate is made, registered, and given with its key in that answer alone', async () => {
  const at = `/apps/${stage.client.appId}/certificates`
  const { status, answer } = await change('POST', `${at}/generate`)
  assert.equal(status, 201)
  const x509 = new X509Certificate(String(answer.certificate))
  assert.ok(x509.checkPrivateKey(createPrivateKey(String(answer.privateKey))))
  assert.equal(x509.subject, 'CN=billing')
  const state = await (await stage.get('/_emulator/state')).text()
  assert.ok(state.includes(String(answer.keyId)) && !state.includes('PRIVATE'))
  assert.equal((await change('POST', `/apps/${unknown}/certificates/generate`)).status, 404)
  const foreign = await change('POST', `${at}/generate`, undefined, { origin: 'https://evil.example' })
  assert.equal(foreign.status, 403)
})

test('a certificate may come as base64 of its DER', async () => {
  const pem = await certify()
  const certificate = pem.replace(/-----[A-Z ]+-----|\n/g, '')
  assert.equal(
    (await change('POST', `/apps/${stage.client.appId}/certificates`, { certificate })).status,
    201,
  )
})

const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'
const unknown = 'd1f1c2ab-3d7c-4b0f-8f0a-52b7a9e0c1de'
const refused: readonly [
  what: string,
  method: string,
  path: string,
  body: unknown,
  status: number,
  message: RegExp,
][] = [
  [
    'no certificate',
    'POST',
    '/certificates',
    { certificate: 'nonsense' },
    400,
    /^certificate: certificate: not a certificate$/,
  ],
  [
    'a private key',
    'POST',
    '/certificates',
    { certificate: key },
    400,
    /holds a private key; give the certificate alone$/,
  ],
  ['a misspelt member', 'POST', '/certificates', { cert: '' }, 400, /^certificate: has no member "cert"$/],
  ['JSON that is no object', 'POST', '/certificates', '[]', 400, /^the body is no JSON object$/],
  ['no JSON', 'POST', '/certificates', '{', 400, /^the body is no JSON object$/],
  [
    'a role that is not there',
    'POST',
    '/roles',
    { resourceAppId: unknown, role: 'R' },
    400,
    /^role: resourceAppId: no app/,
  ],
  [
    'a key id that is none',
    'DELETE',
    '/certificates/1',
    undefined,
    400,
    /^certificate: keyId: expected a GUID$/,
  ],
]
for (const [what, method, path, body, status, message] of refused) {
  test(`${what} is refused with ${status}`, async () => {
    const { status: answered, answer } = await change(method, `/apps/${stage.client.appId}${path}`, body)
    assert.equal(answered, status)
    const { error } = answer as { error: Json } // as: asserted on the next lines
    assert.equal(error.code, 'BadRequest')
    assert.match(String(error.message), message)
  })
}

test('what is not there is answered with 404', async () => {
  const { status, answer } = await change('POST', `/apps/${unknown}/certificates`, {
    certificate: await certify(),
  })
  assert.deepEqual(
    [status, answer],
    [404, { error: { code: 'NotFound', message: `no app ${unknown} in the emulator` } }],
  )
  assert.equal((await change('POST', '/nothing', {})).status, 404)
})

test('writes need a JSON content type and a limited body', async () => {
  assert.equal((await change('POST', '/apps', 'name=x', { 'content-type': 'text/plain' })).status, 415)
  assert.equal(
    (await change('POST', '/apps', 'x'.repeat(262_145), { 'content-length': '262145' })).status,
    413,
  )
})

test('a certificate that is generated in the last year there is ends with it', async () => {
  stage.clock.set('9999-12-31T23:00:00Z')
  const { status, answer } = await change('POST', `/apps/${stage.client.appId}/certificates/generate`)
  stage.clock.reset()
  assert.deepEqual([status, answer.endDateTime], [201, '9999-12-31T23:59:59.000Z'])
})

test('writes from a foreign origin are refused, those from our own are not', async () => {
  for (const from of ['https://evil.example', 'null', 'http://localhost:8443', 'https://localhost']) {
    assert.equal((await change('POST', '/apps', { name: 'x' }, { origin: from })).status, 403, from)
    const { status } = await change('DELETE', `/apps/${unknown}/certificates/${unknown}`, undefined, {
      origin: from,
    })
    assert.equal(status, 403, from)
    assert.equal((await change('POST', '/signing-keys/roll', undefined, { origin: from })).status, 403, from)
    assert.equal((await change('POST', '/stop', undefined, { origin: from })).status, 403, from)
  }
  for (const site of ['cross-site', 'same-site']) {
    const { status } = await change('POST', '/signing-keys/roll', undefined, { 'sec-fetch-site': site })
    assert.equal(status, 403, site)
  }
  for (const site of ['same-origin', 'none'])
    assert.equal((await change('POST', '/apps', { name: 'x' }, { 'sec-fetch-site': site })).status, 201, site)
  assert.equal((await change('POST', '/apps', { name: 'x' }, { origin })).status, 201)
})

test('no answer to a write lets another origin read it', async () => {
  const response = await stage.app.request(`${origin}/_emulator/apps`, { method: 'OPTIONS' })
  assert.equal(response.headers.get('access-control-allow-origin'), null)
})

test('the state shows what is public and counts secrets', async () => {
  const secret = 'correct horse battery staple'
  stage.control.addApp({ name: 'with secret', secrets: [secret] })
  const response = await stage.get('/_emulator/state')
  const state = await response.text()
  assert.ok(!state.includes(secret))
  const { tenants } = JSON.parse(state)
  const app = tenants[0].apps.find(({ name }: Json) => name === 'with secret')
  assert.equal(app.secrets, 1)
})

test('the signing key rolls on command', async () => {
  const before = stage.signingKeys.current().kid
  const { status, answer } = await change('POST', '/signing-keys/roll')
  assert.equal(status, 200)
  assert.notEqual(answer.kid, before)
  assert.equal(stage.signingKeys.current().kid, answer.kid)
})
