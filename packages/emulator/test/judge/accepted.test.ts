import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { assertion, bodyOf, createStage, now, origin, sha, tenantId } from '../support/stage.ts'

/** What real clients send, and Entra accepts. */
let stage: Awaited<ReturnType<typeof createStage>>
before(async () => {
  stage = await createStage({ secrets: ['s3cret:with%chars'] })
})

const seconds = now / 1_000
const sha1 = () => sha('sha1', stage.certificate)
const sha256 = () => sha('sha256', stage.certificate)
const rs256 = { alg: 'RS256', 'x5t#S256': undefined }

const headers: [string, () => Record<string, unknown>][] = [
  ['PS256 with x5t#S256', () => ({})],
  ['RS256 with x5t', () => ({ ...rs256, x5t: sha1().toString('base64url') })],
  ['RS256 with x5t#S256', () => ({ alg: 'RS256' })],
  [
    'x5t in padded base64url',
    () => ({ ...rs256, x5t: sha1().toString('base64').replaceAll('+', '-').replaceAll('/', '_') }),
  ],
  ['x5t in plain base64', () => ({ ...rs256, x5t: sha1().toString('base64') })],
  ['x5t#S256 in plain base64', () => ({ 'x5t#S256': sha256().toString('base64') })],
  ['kid alone, upper-case hex', () => ({ ...rs256, kid: sha1().toString('hex').toUpperCase() })],
  ['x5c as a string', () => ({ x5c: 'MIIB' })],
  ['x5c as an array', () => ({ x5c: ['MIIB'] })],
]
for (const [what, header] of headers) {
  test(`an assertion with ${what} is accepted`, async () => {
    await accepted({ client_assertion: await assertion({ ...subject(), header: header() }) })
  })
}

const claims: [string, Record<string, unknown>][] = [
  ['the v1 endpoint as audience', { aud: `${origin}/${tenantId}/oauth2/token` }],
  ['the v1 endpoint with api-version', { aud: `${origin}/${tenantId}/oauth2/token?api-version=1.0` }],
  ['the issuer as audience', { aud: `${origin}/${tenantId}/v2.0` }],
  ['the domain in the audience', { aud: `${origin}/contoso.onmicrosoft.com/oauth2/v2.0/token` }],
  ['sts.windows.net as audience', { aud: `https://sts.windows.net/${tenantId}/` }],
  ['a public host as audience', { aud: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token` }],
  ['an array as audience', { aud: ['https://example.com', `${origin}/${tenantId}/oauth2/v2.0/token`] }],
  ['times as strings', { nbf: String(seconds), exp: String(seconds + 600) }],
  ['times as floats', { nbf: seconds + 0.25, exp: seconds + 600.75 }],
  ['no nbf', { nbf: undefined }],
  ['iat and extra claims', { iat: seconds, ip: '10.0.0.1' }],
  ['no jti', { jti: undefined }],
  ['a life of 60 s', { exp: seconds + 60 }],
  ['a life of 24 h', { exp: seconds + 86_400 }],
  ['an nbf a little ahead', { nbf: seconds + 120 }],
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

const fields: [string, Record<string, string>][] = [
  [
    'OIDC scopes beside /.default',
    { scope: 'https://vault.azure.net/.default openid profile offline_access' },
  ],
  ['a resource that ends with a slash', { scope: 'https://management.core.windows.net//.default' }],
  ['a bare app id as resource', { scope: '00000003-0000-0000-c000-000000000000/.default' }],
  [
    'telemetry and claims',
    { 'x-client-SKU': 'x', claims: '{"access_token":{}}', client_info: '1', response_type: 'token' },
  ],
  ['client_id in upper case', { client_id: 'UPPER' }],
]
for (const [what, changes] of fields) {
  test(`a request with ${what} is accepted`, async () => {
    const { client_id, ...rest } = changes
    await accepted(client_id === undefined ? rest : { client_id: stage.client.appId.toUpperCase() })
  })
}

test('a client secret is accepted in the form and in a Basic header', async () => {
  const noAssertion = { client_assertion: undefined, client_assertion_type: undefined }
  const secret = 's3cret:with%chars'
  assert.equal((await stage.post(await stage.form({ ...noAssertion, client_secret: secret }))).status, 200)
  const basic = Buffer.from(`${stage.client.appId}:${encodeURIComponent(secret)}`).toString('base64')
  const form = await stage.form({ ...noAssertion, client_id: undefined })
  const response = await stage.post(form, { headers: { authorization: `Basic ${basic}` } })
  assert.equal(response.status, 200)
  const { access_token } = await bodyOf(response)
  assert.equal(JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString()).azpacr, '1')
})

const subject = () => ({ appId: stage.client.appId, certificate: stage.certificate })

async function accepted(changes: Record<string, string>): Promise<void> {
  const response = await stage.post(await stage.form(changes))
  assert.equal(response.status, 200, (await bodyOf(response.clone())).error_description)
}
