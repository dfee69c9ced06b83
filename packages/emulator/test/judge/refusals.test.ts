import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { before, test } from 'node:test'
import {
  assertion,
  bodyOf,
  certify,
  createStage,
  now,
  origin,
  privateKey,
  sha,
  tenantId,
} from '../support/stage.ts'

type Stage = Awaited<ReturnType<typeof createStage>>
let stage: Stage
const { privateKey: otherKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const { privateKey: ecKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

before(async () => {
  stage = await createStage()
})

/** A request in which only the assertion differs from a good one. */
const asserting = (change: Omit<Parameters<typeof assertion>[0], 'appId' | 'certificate'>) => async () => {
  const { appId } = stage.client
  return stage.post(
    await stage.form({
      client_assertion: await assertion({ appId, certificate: stage.certificate, ...change }),
    }),
  )
}
const sending = (changes: Record<string, string | undefined>, path?: string) => async () =>
  stage.post(await stage.form(changes), path === undefined ? {} : { path })
/** A good request by an app that is registered otherwise. */
const registered = (registration: Parameters<typeof createStage>[0]) => async () => {
  const other = await createStage(registration)
  return other.post(await other.form())
}

const seconds = now / 1_000
interface Case {
  what: string
  send: () => Promise<Response>
  aadsts: number
  error: string
  status: number
  text: RegExp
}

const cases: Case[] = [
  {
    what: 'a tenant that is no name',
    send: sending({}, '/not_a_tenant/oauth2/v2.0/token'),
    aadsts: 900023,
    error: 'invalid_request',
    status: 400,
    text: /neither a valid DNS name/,
  },
  {
    what: 'a placeholder as tenant',
    send: sending({}, '/%3Ctenant%3E/oauth2/v2.0/token'),
    aadsts: 90013,
    error: 'invalid_request',
    status: 400,
    text: /Invalid input/,
  },
  {
    what: 'an unknown tenant',
    send: sending({}, '/fabrikam.example/oauth2/v2.0/token'),
    aadsts: 90002,
    error: 'invalid_request',
    status: 400,
    text: /Tenant 'fabrikam\.example' not found/,
  },
  {
    what: 'common',
    send: sending({}, '/common/oauth2/v2.0/token'),
    aadsts: 50059,
    error: 'invalid_request',
    status: 400,
    text: /No tenant-identifying/,
  },
  {
    what: 'a JSON body',
    send: async () =>
      stage.post('{"grant_type":"client_credentials"}', { headers: { 'content-type': 'application/json' } }),
    aadsts: 900144,
    error: 'invalid_request',
    status: 400,
    text: /'grant_type'/,
  },
  {
    what: 'an empty body',
    send: async () => stage.post(''),
    aadsts: 900144,
    error: 'invalid_request',
    status: 400,
    text: /'grant_type'/,
  },
  {
    what: 'another verb',
    send: async () => stage.app.request(`${origin}/${tenantId}/oauth2/v2.0/token`),
    aadsts: 900561,
    error: 'invalid_request',
    status: 400,
    text: /Received a GET request/,
  },
  {
    what: 'a field sent twice',
    send: async () => stage.post(`${await stage.form()}&client_id=x`),
    aadsts: 9002313,
    error: 'invalid_request',
    status: 400,
    text: /malformed/,
  },
  {
    what: 'a body without end',
    send: async () => stage.post(`a=${'b'.repeat(300_000)}`),
    aadsts: 9002313,
    error: 'invalid_request',
    status: 400,
    text: /malformed/,
  },
  {
    what: 'no grant type',
    send: sending({ grant_type: undefined }),
    aadsts: 900144,
    error: 'invalid_request',
    status: 400,
    text: /'grant_type'/,
  },
  {
    what: 'another grant type',
    send: sending({ grant_type: 'password' }),
    aadsts: 70003,
    error: 'unsupported_grant_type',
    status: 400,
    text: /'password'/,
  },
  {
    what: 'no client id',
    send: sending({ client_id: undefined }),
    aadsts: 900144,
    error: 'invalid_request',
    status: 400,
    text: /'client_id'/,
  },
  {
    what: 'an unknown client',
    send: sending({ client_id: '11111111-2222-3333-4444-555555555555' }),
    aadsts: 700016,
    error: 'unauthorized_client',
    status: 400,
    text: /was not found in the directory/,
  },
  {
    what: 'a client id no app can have',
    send: sending({ client_id: '00000000-0000-0000-0000-000000000000' }),
    aadsts: 700038,
    error: 'unauthorized_client',
    status: 400,
    text: /not a valid application identifier/,
  },
  {
    what: 'an app without service principal',
    send: registered({ withoutServicePrincipal: true }),
    aadsts: 7000229,
    error: 'invalid_client',
    status: 401,
    text: /missing service principal/,
  },
  {
    what: 'a disabled app',
    send: registered({ disabled: true }),
    aadsts: 7000112,
    error: 'unauthorized_client',
    status: 400,
    text: /is disabled/,
  },
  {
    what: 'resource at the v2 endpoint',
    send: sending({ resource: 'a' }),
    aadsts: 901002,
    error: 'invalid_request',
    status: 400,
    text: /'resource' request parameter/,
  },
  {
    what: 'no scope',
    send: sending({ scope: undefined }),
    aadsts: 900144,
    error: 'invalid_request',
    status: 400,
    text: /'scope'/,
  },
  {
    what: 'no resource at the v1 endpoint',
    send: sending({}, `/${tenantId}/oauth2/token`),
    aadsts: 900144,
    error: 'invalid_request',
    status: 400,
    text: /'resource'/,
  },
  {
    what: 'no credential',
    send: sending({ client_assertion: undefined, client_assertion_type: undefined }),
    aadsts: 7000216,
    error: 'invalid_client',
    status: 401,
    text: /is required for the 'client_credentials'/,
  },
  {
    what: 'a public client with a credential',
    send: registered({ publicClient: true }),
    aadsts: 700025,
    error: 'invalid_client',
    status: 401,
    text: /Client is public/,
  },
  {
    what: 'an assertion without its type',
    send: sending({ client_assertion_type: undefined }),
    aadsts: 900144,
    error: 'invalid_request',
    status: 400,
    text: /'client_assertion_type'/,
  },
  {
    what: 'a wrong secret',
    send: sending({ client_assertion: undefined, client_secret: 'guess' }),
    aadsts: 7000215,
    error: 'invalid_client',
    status: 401,
    text: /Invalid client secret/,
  },
  {
    what: 'a secret past its end',
    send: async () => {
      const old = await createStage({ secrets: [{ value: 's', notAfter: now - 1 }] })
      return old.post(await old.form({ client_assertion: undefined, client_secret: 's' }))
    },
    aadsts: 7000222,
    error: 'invalid_client',
    status: 401,
    text: /expired/,
  },
  {
    what: 'garbage as assertion',
    send: sending({ client_assertion: 'not.a.jwt' }),
    aadsts: 50027,
    error: 'invalid_request',
    status: 400,
    text: /malformed/,
  },
  {
    what: 'padding inside an assertion',
    send: async () =>
      stage.post(
        await stage.form({
          client_assertion: (
            await assertion({ appId: stage.client.appId, certificate: stage.certificate })
          ).replace('.', '=.'),
        }),
      ),
    aadsts: 50027,
    error: 'invalid_request',
    status: 400,
    text: /malformed/,
  },
  {
    what: 'ES256',
    send: asserting({ header: { alg: 'ES256' }, key: ecKey }),
    aadsts: 5002738,
    error: 'invalid_client',
    status: 401,
    text: /'ES256' is not a supported/,
  },
  {
    what: 'PS512',
    send: asserting({ header: { alg: 'PS512' } }),
    aadsts: 5002738,
    error: 'invalid_client',
    status: 401,
    text: /'PS512' is not a supported/,
  },
  {
    what: 'no thumbprint in the header',
    send: asserting({ header: { 'x5t#S256': undefined } }),
    aadsts: 5002723,
    error: 'invalid_client',
    status: 401,
    text: /No certificate SHA-1 thumbprint/,
  },
  {
    what: 'no issuer',
    send: asserting({ claims: { iss: undefined } }),
    aadsts: 90014,
    error: 'invalid_request',
    status: 400,
    text: /'iss'/,
  },
  {
    what: 'no audience',
    send: asserting({ claims: { aud: undefined } }),
    aadsts: 90014,
    error: 'invalid_request',
    status: 400,
    text: /'aud'/,
  },
  {
    what: 'another app as issuer',
    send: asserting({ claims: { iss: 'other', sub: 'other' } }),
    aadsts: 700021,
    error: 'invalid_client',
    status: 401,
    text: /doesn't match 'client_id'/,
  },
  {
    what: 'another subject',
    send: asserting({ claims: { sub: 'other' } }),
    aadsts: 50048,
    error: 'invalid_client',
    status: 401,
    text: /Subject mismatches/,
  },
  {
    what: 'another audience',
    send: asserting({ claims: { aud: 'https://example.com/' } }),
    aadsts: 700023,
    error: 'invalid_client',
    status: 401,
    text: /audience claim does not match/,
  },
  {
    what: 'the audience of another tenant',
    send: asserting({ claims: { aud: `${origin}/fabrikam.example/oauth2/v2.0/token` } }),
    aadsts: 700023,
    error: 'invalid_client',
    status: 401,
    text: /audience claim/,
  },
  {
    what: 'a mutual-TLS audience',
    send: asserting({ claims: { aud: 'https://mtlsauth.microsoft.com/t/oauth2/v2.0/token' } }),
    aadsts: 50171,
    error: 'invalid_client',
    status: 401,
    text: /Mutual-TLS/,
  },
  {
    what: 'an expired assertion',
    send: asserting({ claims: { exp: seconds - 301, nbf: seconds - 900 } }),
    aadsts: 700024,
    error: 'invalid_client',
    status: 401,
    text: /Current time: 2026-09-14T08:12:31\.0000000Z, assertion valid from 2026-09-14T07:57:31\.0000000Z/,
  },
  {
    what: 'an assertion from the future',
    send: asserting({ claims: { nbf: seconds + 301, exp: seconds + 900 } }),
    aadsts: 700024,
    error: 'invalid_client',
    status: 401,
    text: /valid time range/,
  },
  {
    what: 'an assertion without end',
    send: asserting({ claims: { exp: undefined } }),
    aadsts: 700024,
    error: 'invalid_client',
    status: 401,
    text: /expiry time of assertion 1970-01-01T00:00:00\.0000000Z/,
  },
  {
    what: 'an unregistered certificate',
    send: async () => {
      const certificate = await certify(otherKey)
      const jwt = await assertion({ appId: stage.client.appId, certificate, key: otherKey })
      return stage.post(await stage.form({ client_assertion: jwt }))
    },
    aadsts: 700027,
    error: 'invalid_client',
    status: 401,
    text: /\[Reason - The key was not found\., Thumbprint of key used by client: '[0-9A-F]{64}'/,
  },
  {
    what: 'another certificate for the registered key',
    send: async () => {
      const certificate = await certify(privateKey)
      return stage.post(
        await stage.form({ client_assertion: await assertion({ appId: stage.client.appId, certificate }) }),
      )
    },
    aadsts: 700027,
    error: 'invalid_client',
    status: 401,
    text: /The key was not found/,
  },
  {
    what: 'another key than the certificate has',
    send: asserting({ key: otherKey }),
    aadsts: 700027,
    error: 'invalid_client',
    status: 401,
    text: /Key was found, but use of the key/,
  },
  {
    what: 'a certificate past its end',
    send: async () => {
      const certificate = await certify(privateKey, { days: 1, from: now - 3 * 86_400_000 })
      const old = await createStage({ certificates: [certificate] })
      return old.post(
        await old.form({ client_assertion: await assertion({ appId: old.client.appId, certificate }) }),
      )
    },
    aadsts: 700027,
    error: 'invalid_client',
    status: 401,
    text: /The key used is expired\., .*Found key 'Start=09\/11\/2026/,
  },
  {
    what: 'a delegated scope',
    send: sending({ scope: 'https://graph.microsoft.com/User.Read' }),
    aadsts: 1002012,
    error: 'invalid_scope',
    status: 400,
    text: /with \/\.default suffixed/,
  },
  {
    what: 'OIDC scopes alone',
    send: sending({ scope: 'openid profile' }),
    aadsts: 1002012,
    error: 'invalid_scope',
    status: 400,
    text: /\/\.default/,
  },
  {
    what: 'a scope without resource',
    send: sending({ scope: '/.default' }),
    aadsts: 70011,
    error: 'invalid_scope',
    status: 400,
    text: /is not valid/,
  },
  {
    what: 'two resources',
    send: sending({ scope: 'https://graph.microsoft.com/.default https://vault.azure.net/.default' }),
    aadsts: 700022,
    error: 'invalid_scope',
    status: 400,
    text: /more than one resource/,
  },
  {
    what: 'an unknown resource',
    send: sending({ scope: 'https://example.com/.default' }),
    aadsts: 500011,
    error: 'invalid_resource',
    status: 400,
    text: /resource principal named https:\/\/example\.com/,
  },
  {
    what: 'a disabled resource',
    send: async () => {
      const { appId } = stage.directory.addApp({ name: 'off', disabled: true })
      return stage.post(await stage.form({ scope: `${appId}/.default` }))
    },
    aadsts: 500014,
    error: 'invalid_resource',
    status: 400,
    text: /is disabled/,
  },
  {
    what: 'a resource that requires a role',
    send: async () => {
      const { appId } = stage.directory.addApp({ name: 'strict', assignmentRequired: true })
      return stage.post(await stage.form({ scope: `${appId}/.default` }))
    },
    aadsts: 501051,
    error: 'invalid_grant',
    status: 400,
    text: /is not assigned to a role/,
  },
  {
    what: 'Conditional Access',
    send: registered({ blockedByConditionalAccess: true }),
    aadsts: 53003,
    error: 'invalid_grant',
    status: 400,
    text: /Conditional Access/,
  },
]

for (const { what, send, aadsts, error, status, text } of cases) {
  test(`${what} is refused with AADSTS${aadsts}`, async () => {
    const response = await send()
    const body = await bodyOf(response)
    assert.equal(response.status, status)
    assert.equal(body.error, error)
    assert.deepEqual(body.error_codes, [aadsts])
    assert.match(body.error_description, text)
    assert.ok(body.error_description.startsWith(`AADSTS${aadsts}: `))
    assert.ok(
      body.error_description.endsWith(
        ` Trace ID: ${body.trace_id} Correlation ID: ${body.correlation_id} Timestamp: ${body.timestamp}`,
      ),
    )
    assert.equal(body.trace_id, response.headers.get('x-ms-request-id'))
    assert.equal(body.timestamp, '2026-09-14 08:12:31Z')
    assert.equal(body.access_token, undefined)
  })
}

const correlationId = 'e64db4f4-3d67-4ba1-a04a-4a9dbb7ce0cd'
const carriers: { what: string; send: () => Promise<Response> }[] = [
  {
    what: 'client-request-id',
    send: async () => stage.post('', { headers: { 'client-request-id': correlationId } }),
  },
  {
    what: 'x-ms-client-request-id',
    send: async () => stage.post('', { headers: { 'x-ms-client-request-id': correlationId } }),
  },
  { what: 'the body', send: async () => stage.post(`client-request-id=${correlationId}`) },
]
for (const { what, send } of carriers) {
  test(`the correlation id of ${what} comes back in the refusal`, async () => {
    assert.equal((await bodyOf(send())).correlation_id, correlationId)
  })
}

test('the portal name of an unknown certificate is printed for x5t as SHA-1', async () => {
  const certificate = await certify(otherKey)
  const header = { alg: 'RS256', 'x5t#S256': undefined, x5t: sha('sha1', certificate).toString('base64url') }
  const jwt = await assertion({ appId: stage.client.appId, certificate, key: otherKey, header })
  const { error_description } = await bodyOf(stage.post(await stage.form({ client_assertion: jwt })))
  assert.ok(error_description.includes(`'${sha('sha1', certificate).toString('hex').toUpperCase()}'`))
})
