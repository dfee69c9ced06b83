import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createStage, origin, type Stage, tenantId } from '../support/stage.ts'

type Json = Record<string, unknown>
let stage: Stage
before(async () => {
  stage = await createStage()
})

async function json(path: string, at = origin): Promise<Json> {
  const response = await stage.app.request(`${at}${path}`)
  assert.equal(response.status, 200, path)
  assert.equal(response.headers.get('cache-control'), 'max-age=86400, private')
  assert.equal(response.headers.get('access-control-allow-origin'), '*')
  return (await response.json()) as Json // as: the assertions read it member by member
}

test('the v2 document has the members of the service, in its order', async () => {
  const base = `${origin}/${tenantId}`
  const document = await json('/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration')
  assert.deepEqual(Object.entries(document).slice(0, 6), [
    ['token_endpoint', `${base}/oauth2/v2.0/token`],
    [
      'token_endpoint_auth_methods_supported',
      ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    ],
    ['jwks_uri', `${base}/discovery/v2.0/keys`],
    ['response_modes_supported', ['query', 'fragment', 'form_post']],
    ['subject_types_supported', ['pairwise']],
    ['id_token_signing_alg_values_supported', ['RS256']],
  ])
  assert.equal(document.issuer, `${base}/v2.0`)
  assert.equal(document.tenant_region_scope, 'WW')
  assert.equal(document.request_uri_parameter_supported, false)
  assert.equal(document.cloud_instance_name, 'microsoftonline.com')
})

test('the v1 document has the issuer of v1', async () => {
  const base = `${origin}/${tenantId}`
  const document = await json(`/${tenantId}/.well-known/openid-configuration`)
  assert.equal(document.token_endpoint, `${base}/oauth2/token`)
  assert.equal(document.jwks_uri, `${base}/discovery/keys`)
  assert.equal(document.issuer, `https://sts.windows.net/${tenantId}/`)
  assert.equal(document.microsoft_multi_refresh_token, true)
  assert.equal(document.request_uri_parameter_supported, undefined)
})

const shared: readonly [name: string, issuer: string][] = [
  ['common', `${origin}/{tenantid}/v2.0`],
  ['organizations', `${origin}/{tenantid}/v2.0`],
  ['consumers', `${origin}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0`],
]
for (const [name, issuer] of shared) {
  test(`the document of ${name} is a template`, async () => {
    const document = await json(`/${name}/v2.0/.well-known/openid-configuration`)
    assert.equal(document.issuer, issuer)
    assert.equal(document.token_endpoint, `${origin}/${name}/oauth2/v2.0/token`)
    assert.equal(document.tenant_region_scope, null)
    const { keys } = (await json(`/${name}/discovery/v2.0/keys`)) as { keys: Json[] } // as: asserted below
    assert.deepEqual(
      keys.map((key) => key.issuer),
      [issuer, issuer],
    )
  })
}

test('an app that is asked for goes along to the address of the keys, and nothing else does', async () => {
  const appId = '6731DE76-14a6-49ae-97bc-6eba6914391e'
  const cases = [
    [`?appid=${appId}`, `?appid=${appId}`],
    [`?appid=${appId}&x=1`, `?appid=${appId}`],
    ['?appid=%22%3E%26x', ''],
    ['?appid=', ''],
  ]
  for (const version of ['/v2.0', '']) {
    for (const [asked, expected] of cases) {
      const document = await json(`/${tenantId}${version}/.well-known/openid-configuration${asked}`)
      assert.equal(document.jwks_uri, `${origin}/${tenantId}/discovery${version}/keys${expected}`)
    }
  }
  const { keys } = (await json(`/${tenantId}/discovery/v2.0/keys?appid=${appId}`)) as { keys: Json[] } // as: counted below
  assert.equal(keys.length, 2)
})

test('the document lives at the origin that was asked', async () => {
  for (const at of ['https://127.0.0.1:8443', 'https://[::1]:8443', 'https://login.microsoftonline.com'])
    assert.equal(
      (await json(`/${tenantId}/v2.0/.well-known/openid-configuration`, at)).issuer,
      `${at}/${tenantId}/v2.0`,
    )
})

test('key sets have the members of the service; only v2 keys name their issuer', async () => {
  const members = ['kty', 'use', 'kid', 'x5t', 'n', 'e', 'x5c']
  const v1 = (await json(`/${tenantId}/discovery/keys`)) as { keys: Json[] } // as: asserted below
  const v2 = (await json(`/${tenantId}/discovery/v2.0/keys`)) as { keys: Json[] } // as: asserted below
  for (const key of v1.keys) assert.deepEqual(Object.keys(key), members)
  for (const key of v2.keys) {
    assert.deepEqual(Object.keys(key), [...members, 'cloud_instance_name', 'issuer'])
    assert.equal(key.issuer, `${origin}/${tenantId}/v2.0`)
  }
  assert.deepEqual(
    v1.keys.map(({ kid }) => kid),
    v2.keys.map(({ kid }) => kid),
  )
  assert.equal(v1.keys.length, 2)
})

const unknown: readonly [tenant: string, aadsts: number][] = [
  ['fabrikam.example', 90002],
  ['nobody', 900023],
  ['%3Ctenant%3E', 90013],
]
for (const [tenant, aadsts] of unknown) {
  test(`discovery of tenant ${tenant} is refused with AADSTS${aadsts}`, async () => {
    for (const path of [
      '.well-known/openid-configuration',
      'v2.0/.well-known/openid-configuration',
      'discovery/keys',
    ]) {
      const response = await stage.get(`/${tenant}/${path}`)
      assert.equal(response.status, 400)
      assert.equal(response.headers.get('cache-control'), 'private')
      assert.equal(response.headers.get('access-control-allow-origin'), '*')
      const body = (await response.json()) as Json // as: the assertions read it member by member
      assert.equal(body.error, 'invalid_tenant')
      assert.deepEqual(body.error_codes, [aadsts])
    }
  })
}

const instance = (authorization: string, path = '/common/discovery/instance?api-version=1.1&') =>
  `${path}authorization_endpoint=${authorization}`

interface Network {
  readonly preferred_network: string
  readonly preferred_cache: string
  readonly aliases: readonly string[]
}

test('instance discovery knows the emulator with and without port, encoded or not', async () => {
  for (const host of ['localhost:8443', 'localhost', '127.0.0.1:8443']) {
    const endpoint = `https://${host}/${tenantId}/oauth2/v2.0/authorize`
    for (const spelled of [endpoint, encodeURIComponent(endpoint)]) {
      const body = await json(instance(spelled))
      assert.equal(
        body.tenant_discovery_endpoint,
        `${origin}/${tenantId}/v2.0/.well-known/openid-configuration`,
      )
      assert.equal(body['api-version'], '1.1')
      const networks = body.metadata as Network[] // as: asserted on the next line
      assert.deepEqual(networks.at(-1), {
        preferred_network: 'localhost:8443',
        preferred_cache: 'localhost:8443',
        aliases: ['localhost:8443', 'localhost'],
      })
    }
  }
})

test('instance discovery knows the public hosts', async () => {
  const body = await json(instance(`https://login.windows.net/${tenantId}/oauth2/authorize`))
  assert.equal(
    body.tenant_discovery_endpoint,
    `https://login.windows.net/${tenantId}/.well-known/openid-configuration`,
  )
  const [first] = body.metadata as Network[] // as: asserted on the next line
  assert.deepEqual(first, {
    preferred_network: 'login.microsoftonline.com',
    preferred_cache: 'login.windows.net',
    aliases: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
  })
})

test('a client that asks the public host about the emulator’s own name stays with that name', async () => {
  const asked = `https://localhost:8443/${tenantId}/oauth2/v2.0/authorize`
  const response = await stage.app.request(`https://login.microsoftonline.com${instance(asked)}`)
  const { tenant_discovery_endpoint } = (await response.json()) as Json // as: asserted on the next line
  assert.equal(
    tenant_discovery_endpoint,
    `https://localhost:8443/${tenantId}/v2.0/.well-known/openid-configuration`,
  )
})

const strange: readonly [what: string, path: string, aadsts: number, error: string][] = [
  ['of a foreign host', instance('https://evil.example/t/oauth2/v2.0/authorize'), 50049, 'invalid_instance'],
  ['of no address', instance('localhost'), 50050, 'invalid_request'],
  ['of nothing', '/common/discovery/instance?api-version=1.1', 50050, 'invalid_request'],
  ['of no tenant', instance('https://localhost/'), 50050, 'invalid_request'],
]
for (const [what, path, aadsts, error] of strange) {
  test(`instance discovery ${what} is refused with AADSTS${aadsts}`, async () => {
    const response = await stage.get(path)
    const body = (await response.json()) as Json // as: the assertions read it member by member
    assert.deepEqual([response.status, body.error, body.error_codes], [400, error, [aadsts]])
    assert.equal(body.error_uri, `${origin}/error?code=${aadsts}`)
  })
}
