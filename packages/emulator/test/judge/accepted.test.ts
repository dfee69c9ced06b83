import assert from 'node:assert/strict'
import { constants, sign } from 'node:crypto'
import { before, test } from 'node:test'
import { decodeJwt } from 'jose'
import jsonwebtoken from 'jsonwebtoken'
import {
  assertion,
  bodyOf,
  createStage,
  origin,
  privateKey,
  type Stage,
  seconds,
  sha,
  tenantId,
} from '../support/stage.ts'

/** What real clients send, and Entra accepts. */
let stage: Stage
const secret = 's3cret:with%chars+more'
before(async () => {
  stage = await createStage({ secrets: [secret] })
})

const subject = () => ({ appId: stage.client.appId, certificate: stage.certificate })

async function accepted(changes: Record<string, string | undefined>, path?: string): Promise<string> {
  const response = await stage.post(await stage.form(changes), path === undefined ? {} : { path })
  const body = await bodyOf(response)
  assert.equal(response.status, 200, body.error_description)
  return body.access_token
}

const sha1 = () => sha('sha1', stage.certificate)
const sha256 = () => sha('sha256', stage.certificate)
const padded = (bytes: Buffer) => bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
const noSha256 = { 'x5t#S256': undefined }
const x5t = () => ({ ...noSha256, alg: 'RS256', x5t: sha1().toString('base64url') })

const headers: readonly [what: string, header: () => Record<string, unknown>][] = [
  ['PS256 and x5t#S256', () => ({})],
  ['RS256 and x5t', x5t],
  ['RS256 and x5t#S256', () => ({ alg: 'RS256' })],
  ['RS384', () => ({ alg: 'RS384' })],
  ['RS512', () => ({ alg: 'RS512' })],
  ['x5t in padded base64url', () => ({ ...x5t(), x5t: padded(sha1()) })],
  ['x5t in plain base64', () => ({ ...x5t(), x5t: sha1().toString('base64') })],
  ['x5t#S256 in padded base64url', () => ({ 'x5t#S256': padded(sha256()) })],
  ['x5t#S256 in plain base64', () => ({ 'x5t#S256': sha256().toString('base64') })],
  ['x5t beside x5t#S256', () => ({ x5t: sha1().toString('base64url') })],
  ['kid alone, upper-case hex', () => ({ ...noSha256, kid: sha1().toString('hex').toUpperCase() })],
  ['kid alone, lower-case hex', () => ({ ...noSha256, kid: sha1().toString('hex') })],
  ['a kid of its own beside a thumbprint', () => ({ kid: 'my-key' })],
  ['x5c as one string', () => ({ x5c: 'MIIB' })],
  ['x5c as a list', () => ({ x5c: ['MIIB', 5] })],
]
for (const [what, header] of headers) {
  test(`an assertion with ${what} is accepted`, async () => {
    await accepted({ client_assertion: await assertion({ ...subject(), header: header() }) })
  })
}

const claims: readonly [what: string, claims: Record<string, unknown>][] = [
  ['the v1 endpoint as audience', { aud: `${origin}/${tenantId}/oauth2/token` }],
  ['the v1 endpoint with api-version', { aud: `${origin}/${tenantId}/oauth2/token?api-version=1.0` }],
  ['the issuer as audience', { aud: `${origin}/${tenantId}/v2.0` }],
  ['the bare authority as audience', { aud: `${origin}/${tenantId}/` }],
  ['the domain in the audience', { aud: `${origin}/contoso.onmicrosoft.com/oauth2/v2.0/token` }],
  ['capitals in the audience', { aud: `HTTPS://LOCALHOST:8443/${tenantId.toUpperCase()}/v2.0/` }],
  ['another loopback name as audience', { aud: `https://127.0.0.1:8443/${tenantId}/v2.0` }],
  ['the v1 issuer as audience', { aud: `https://sts.windows.net/${tenantId}/` }],
  ['a public host as audience', { aud: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token` }],
  ['several audiences', { aud: ['https://example.com', `${origin}/${tenantId}/oauth2/v2.0/token`] }],
  ['times as strings', { nbf: String(seconds), exp: String(seconds + 600) }],
  ['times as floats', { nbf: seconds + 0.25, exp: seconds + 600.75 }],
  ['no nbf', { nbf: undefined }],
  ['no jti', { jti: undefined }],
  ['iat and claims of its own', { iat: seconds, ip: '10.0.0.1' }],
  ['a life of 60 s', { exp: seconds + 60 }],
  ['a life of an hour', { exp: seconds + 3600 }],
  ['a life of 24 h', { exp: seconds + 86_400 }],
  ['nbf five minutes ahead', { nbf: seconds + 300 }],
  ['exp not quite five minutes ago', { nbf: seconds - 900, exp: seconds - 299 }],
]
for (const [what, changes] of claims) {
  test(`an assertion with ${what} is accepted`, async () => {
    await accepted({ client_assertion: await assertion({ ...subject(), claims: changes }) })
  })
}

test('an assertion is accepted twice: the service does not enforce one-time use', async () => {
  const client_assertion = await assertion(subject())
  await accepted({ client_assertion })
  await accepted({ client_assertion })
})

test('an assertion by jsonwebtoken is accepted', async () => {
  const { appId } = stage.client
  const options = { audience: `${origin}/${tenantId}/v2.0`, issuer: appId, subject: appId, expiresIn: 600 }
  const header = { alg: 'PS256', 'x5t#S256': sha256().toString('base64url') }
  const jwt = jsonwebtoken.sign({ iat: seconds }, privateKey, { ...options, algorithm: 'PS256', header })
  await accepted({ client_assertion: jwt })
})

/** A PS256 assertion by bare node:crypto. */
function handmade(saltLength: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const { appId } = stage.client
  const payload = { aud: `${origin}/${tenantId}/v2.0`, iss: appId, sub: appId, exp: seconds + 600 }
  const signed = `${part({ alg: 'PS256', 'x5t#S256': sha256().toString('base64url') })}.${part(payload)}`
  const key = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
}

test('PS256 is accepted with a salt of 32 bytes and no other', async () => {
  await accepted({ client_assertion: handmade(32) })
  for (const saltLength of [0, 20, 222]) {
    const response = await stage.post(await stage.form({ client_assertion: handmade(saltLength) }))
    assert.deepEqual((await bodyOf(response)).error_codes, [700027], `salt of ${saltLength} bytes`)
  }
})

const graph = '00000003-0000-0000-c000-000000000000'
const fields: readonly [what: string, fields: Record<string, string>][] = [
  [
    'OIDC scopes beside /.default',
    { scope: 'https://vault.azure.net/.default openid profile offline_access' },
  ],
  ['a resource that ends with a slash', { scope: 'https://management.core.windows.net//.default' }],
  ['a resource without its slash', { scope: 'https://management.core.windows.net/.default' }],
  ['a bare app id as resource', { scope: `${graph}/.default` }],
  ['capitals in the resource', { scope: 'HTTPS://Graph.Microsoft.com/.default' }],
  ['telemetry', { 'x-client-SKU': 'x', 'x-client-current-telemetry': '5|771,2,,,|,', client_info: '1' }],
  ['response_type', { response_type: 'token' }],
  ['claims', { claims: '{"access_token":{"xms_cc":{"values":["cp1"]}}}' }],
]
for (const [what, changes] of fields) {
  test(`a request with ${what} is accepted`, async () => {
    await accepted(changes)
  })
}

test('a client_id in capitals is accepted', async () => {
  await accepted({ client_id: stage.client.appId.toUpperCase() })
})

test('an unknown field may come twice', async () => {
  const response = await stage.post(`${await stage.form()}&x-client-OS=a&x-client-OS=b`)
  assert.equal(response.status, 200)
})

for (const path of [`/${tenantId.toUpperCase()}`, '/contoso.onmicrosoft.com', '/CONTOSO.onmicrosoft.com']) {
  test(`a tenant may be called ${path}`, async () => {
    await accepted({}, `${path}/oauth2/v2.0/token`)
  })
}

test('at v1, a resource is named by resource, and its own app is one', async () => {
  const ask = (resource: string) => accepted({ scope: undefined, resource }, `/${tenantId}/oauth2/token`)
  for (const resource of ['https://management.azure.com', 'https://management.azure.com/', graph])
    assert.equal(decodeJwt(await ask(resource)).aud, resource)
  assert.equal(decodeJwt(await ask(stage.client.appId)).aud, stage.client.appId)
})

const bySecret = { client_assertion: undefined, client_assertion_type: undefined }

test('a client secret is accepted in the form', async () => {
  assert.equal(decodeJwt(await accepted({ ...bySecret, client_secret: secret })).azpacr, '1')
})

for (const [what, spelled] of [
  ['form-encoded', encodeURIComponent],
  ['as it is', (text: string) => text],
] as const) {
  test(`a client secret is accepted in a Basic header, ${what}`, async () => {
    const pair = `${stage.client.appId}:${spelled(secret)}`
    const authorization = `Basic ${Buffer.from(pair).toString('base64')}`
    const form = await stage.form({ ...bySecret, client_id: undefined })
    const response = await stage.post(form, { headers: { authorization } })
    assert.equal(response.status, 200, (await bodyOf(response)).error_description)
  })
}
