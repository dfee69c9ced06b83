import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { createClient } from '../../src/client/client.ts'
import type { ClientOptions } from '../../src/client/options.ts'
import type { ClientCredential } from '../../src/credential/client-credential.ts'
import { newCredential } from '../support/credential.ts'
import { asFetch, json, refusalAnswer, scripted, stillClock, tokenAnswer } from '../support/service.ts'

let credential: ClientCredential
let newer: ClientCredential
before(async () => {
  ;[credential, newer] = await Promise.all([newCredential(), newCredential()])
})

const scope = 'https://graph.microsoft.com/.default'
type Script = Parameters<typeof scripted>
const numbered = () => {
  let n = 0
  return () => json(tokenAnswer({ access_token: `token-${++n}` }))
}

function open(answers: Script, options: Partial<ClientOptions> = {}) {
  const service = scripted(...answers)
  const client = createClient({
    tenant: 'contoso.onmicrosoft.com',
    clientId: 'app',
    credential,
    fetch: asFetch(service.exchange),
    ...options,
  } as ClientOptions) // a tenant is named above
  return { client, ...service, forms: () => service.requests.map(({ body }) => new URLSearchParams(body)) }
}

test('scope asks the v2 endpoint, resource the v1 endpoint, and their tokens are kept apart', async () => {
  const { client, requests, forms } = open([numbered()])
  const v2 = await client.getToken({ scope: 'api' })
  const v1 = await client.getToken({ resource: 'api' })
  assert.notEqual(v1.accessToken, v2.accessToken)
  const base = 'https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2'
  assert.deepEqual(
    requests.map(({ url }) => url.href),
    [`${base}/v2.0/token`, `${base}/token`],
  )
  assert.deepEqual([forms()[0]?.get('scope'), forms()[1]?.get('resource')], ['api', 'api'])
  const { aud, iss, sub } = decodeJwt(forms()[0]?.get('client_assertion') ?? '')
  assert.deepEqual([aud, iss, sub], [`${base}/v2.0/token`, 'app', 'app'])
})

const others: [string, Parameters<ReturnType<typeof createClient>['getToken']>[0]][] = [
  ['another scope', { scope: 'other' }],
  ['another tenant', { scope, tenant: 'fabrikam.onmicrosoft.com' }],
  ['the v1 endpoint', { resource: scope }],
  ['claims', { scope, claims: '{"access_token":{}}' }],
]
for (const [what, request] of others) {
  test(`${what} is another token`, async () => {
    const { client, requests } = open([numbered()])
    const { accessToken } = await client.getToken({ scope })
    assert.notEqual((await client.getToken(request)).accessToken, accessToken)
    assert.equal(requests.length, 2)
  })
}

test('the same request is served from memory', async () => {
  const { client, requests } = open([numbered()])
  assert.equal(await client.getToken({ scope }), await client.getToken({ scope }))
  assert.equal(requests.length, 1)
})

for (const request of [{}, { scope: '' }, { scope: ' a' }, { scope, resource: 'b' }, { scope: 7 }]) {
  test(`getToken(${JSON.stringify(request)}) is a programming mistake`, async () => {
    const { client, requests } = open([numbered()])
    await assert.rejects(client.getToken(request as { scope: string }), TypeError) // wrong on purpose
    assert.equal(requests.length, 0)
  })
}

const tenants: [string, string][] = [
  ['common', 'ERR_TENANT_INVALID'],
  ['organizations', 'ERR_TENANT_INVALID'],
  ['not a tenant', 'ERR_TENANT_INVALID'],
  ['../other', 'ERR_TENANT_INVALID'],
]
for (const [tenant, code] of tenants) {
  test(`tenant '${tenant}' is refused before anything is sent`, () => {
    assert.throws(() => createClient({ tenant, clientId: 'app', credential }), { code })
  })
}
for (const authority of [
  'http://login.microsoftonline.com',
  'https://login.microsoftonline.com/contoso',
  'login.microsoftonline.com',
  'https://u:p@login.example',
]) {
  test(`authority '${authority}' is refused`, () => {
    assert.throws(() => createClient({ tenant: 'a.example', clientId: 'app', credential, authority }), {
      code: 'ERR_AUTHORITY_INVALID',
    })
  })
}

test('a regional host is asked with the global audience, AD FS gets RS256 with x5t', async () => {
  const regional = open([numbered()], { authority: 'https://westus2.login.microsoft.com' })
  await regional.client.getToken({ scope })
  assert.equal(
    decodeJwt(regional.assertions()[0] ?? '').aud,
    'https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token',
  )
  const adfs = open([numbered()], { authority: 'https://sts.contoso.com', tenant: 'adfs' })
  await adfs.client.getToken({ scope })
  assert.equal(adfs.requests[0]?.url.href, 'https://sts.contoso.com/adfs/oauth2/token')
  assert.equal(decodeProtectedHeader(adfs.assertions()[0] ?? '').alg, 'RS256')
})

test('expiry counts from sending, on the clock that was given', async () => {
  const clock = stillClock()
  const start = clock.now()
  const slow = () => {
    clock.pass(5_000)
    return json(tokenAnswer({ expires_in: 600, refresh_in: 300 }))
  }
  const { client } = open([slow], { now: clock.now })
  const { expiresAt, refreshAt } = await client.getToken({ scope })
  assert.equal(expiresAt, start + 600_000)
  assert.ok(refreshAt <= start + 300_000 && refreshAt >= start + 270_000)
})

test('a certificate that Entra does not know yet is tried, and the one before it serves meanwhile', async () => {
  let previous: ClientCredential | undefined = credential
  const source = { current: async () => newer, previous: () => previous }
  const { client, assertions } = open([refusalAnswer(700027), json(tokenAnswer()), json(tokenAnswer())], {
    credential: source,
  })
  await client.getTokenResponse({ scope })
  const named = () => assertions().map((assertion) => decodeProtectedHeader(assertion)['x5t#S256'])
  assert.deepEqual(named(), [newer.certificate.thumbprintSha256, credential.certificate.thumbprintSha256])
  previous = undefined
  await client.getTokenResponse({ scope })
  assert.equal(named()[2], newer.certificate.thumbprintSha256)
})

test('a refusal carries advice with the thumbprint the portal shows', async () => {
  const { client } = open([refusalAnswer(700027)])
  await assert.rejects(client.getToken({ scope }), (error: Error & { hint?: string }) => {
    assert.ok(error.hint?.includes(credential.certificate.thumbprintSha1Hex))
    assert.ok(error.hint?.includes('app'))
    return true
  })
})

test('the TokenCredential honours scopes, tenantId, claims, enableCae and abortSignal', async () => {
  const { client, requests, forms } = open([numbered()])
  const first = await client.credential.getToken([scope])
  assert.equal(first.tokenType, 'Bearer')
  assert.ok(first.expiresOnTimestamp > first.refreshAfterTimestamp)
  assert.equal((await client.credential.getToken(scope)).token, first.token)
  await client.credential.getToken(scope, { tenantId: 'fabrikam.onmicrosoft.com' })
  assert.match(requests[1]?.url.pathname ?? '', /^\/fabrikam/)
  await client.credential.getToken(scope, {
    enableCae: true,
    claims: '{"access_token":{"nbf":{"value":"1"}}}',
  })
  assert.deepEqual(JSON.parse(forms()[2]?.get('claims') ?? ''), {
    access_token: { nbf: { value: '1' }, xms_cc: { values: ['cp1'] } },
  })
  await assert.rejects(client.credential.getToken('other', { abortSignal: AbortSignal.abort() }), {
    name: 'AbortError',
  })
})

test('claims of a challenge cause one request for a hundred callers, and the answer replaces the refused token', async () => {
  const { client, requests } = open([numbered()])
  const refused = await client.getToken({ scope })
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}'
  const answers = await Promise.all(Array.from({ length: 100 }, () => client.getToken({ scope, claims })))
  assert.equal(new Set(answers).size, 1)
  assert.equal(requests.length, 2)
  assert.notEqual(answers[0]?.accessToken, refused.accessToken)
  assert.equal((await client.getToken({ scope })).accessToken, answers[0]?.accessToken)
})
