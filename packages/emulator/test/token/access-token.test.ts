import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
} from 'jose'
import { bodyOf, createStage, now, origin, tenantId } from '../support/stage.ts'

let stage: Awaited<ReturnType<typeof createStage>>
before(async () => {
  stage = await createStage()
  stage.directory.grantRole({
    clientAppId: stage.client.appId,
    resourceAppId: stage.api.appId,
    role: 'Cars.Read',
  })
})

/** Verified by jose against the served key set. */
async function verified(token: string, version: '' | 'v2.0/'): Promise<JWTPayload> {
  const response = await stage.app.request(`${origin}/${tenantId}/discovery/${version}keys`)
  const keySet = (await response.json()) as JSONWebKeySet // jose checks it
  const { payload } = await jwtVerify(token, createLocalJWKSet(keySet), {
    currentDate: new Date(now),
    algorithms: ['RS256'],
  })
  return payload
}

test('a v2 answer has numbers, in the order of the service', async () => {
  const response = await stage.post(await stage.form())
  const body = await bodyOf(response)
  assert.deepEqual(Object.keys(body), ['token_type', 'expires_in', 'ext_expires_in', 'access_token'])
  assert.deepEqual([body.token_type, body.expires_in, body.ext_expires_in], ['Bearer', 3599, 3599])
  assert.equal(response.headers.get('cache-control'), 'no-store, no-cache')
})

test('a v1 answer has strings, and the requested resource', async () => {
  const form = await stage.form({ scope: undefined, resource: 'https://graph.microsoft.com' })
  const body = await bodyOf(stage.post(form, { path: `/${tenantId}/oauth2/token` }))
  const seconds = Math.floor(now / 1_000)
  const { access_token, ...rest } = body
  assert.deepEqual(rest, {
    token_type: 'Bearer',
    expires_in: '3599',
    ext_expires_in: '3599',
    expires_on: String(seconds + 3_600),
    not_before: String(seconds - 300),
    resource: 'https://graph.microsoft.com',
  })
  assert.equal(typeof access_token, 'string')
})

test('a v2 token of a custom API has the claims of the service, signed by a published key', async () => {
  const { access_token } = await bodyOf(stage.post(await stage.form()))
  const claims = await verified(access_token, 'v2.0/')
  const names = [
    'aio',
    'aud',
    'azp',
    'azpacr',
    'exp',
    'iat',
    'iss',
    'nbf',
    'oid',
    'rh',
    'roles',
    'sub',
    'tid',
    'uti',
    'ver',
  ]
  assert.deepEqual(Object.keys(claims).sort(), names)
  assert.equal(claims.aud, stage.api.appId)
  assert.equal(claims.iss, `${origin}/${tenantId}/v2.0`)
  assert.equal(claims.azp, stage.client.appId)
  assert.equal(claims.azpacr, '2')
  assert.equal(claims.sub, claims.oid)
  assert.deepEqual(claims.roles, ['Cars.Read'])
  assert.equal(claims.nbf, Math.floor(now / 1_000) - 300)
  assert.equal(claims.iat, claims.nbf)
  assert.equal(claims.ver, '2.0')
  assert.deepEqual(Object.keys(decodeProtectedHeader(access_token)), ['typ', 'alg', 'kid'])
})

test('a v1 token for Graph has the sts issuer, the requested spelling as audience, and says it is an app', async () => {
  const form = await stage.form({ scope: 'https://graph.microsoft.com/.default' })
  const { access_token } = await bodyOf(stage.post(form))
  const claims = await verified(access_token, '')
  assert.equal(claims.aud, 'https://graph.microsoft.com')
  assert.equal(claims.iss, `https://sts.windows.net/${tenantId}/`)
  assert.equal(claims.appid, stage.client.appId)
  assert.equal(claims.appidacr, '2')
  assert.equal(claims.idtyp, 'app')
  assert.equal(claims.app_displayname, 'billing')
  assert.equal(claims.roles, undefined)
  assert.equal(claims.ver, '1.0')
  const header = decodeProtectedHeader(access_token)
  assert.deepEqual(Object.keys(header), ['typ', 'alg', 'x5t', 'kid'])
  assert.equal(header.x5t, header.kid)
})

test('a token signed before a roll still verifies after it, and not after the next but one', async () => {
  const { access_token } = await bodyOf(stage.post(await stage.form()))
  await stage.keys.roll()
  await verified(access_token, 'v2.0/')
  const later = (await bodyOf(stage.post(await stage.form()))).access_token
  assert.notEqual(decodeProtectedHeader(later).kid, decodeProtectedHeader(access_token).kid)
  await stage.keys.roll()
  await assert.rejects(verified(access_token, 'v2.0/'), { code: 'ERR_JWKS_NO_MATCHING_KEY' })
})
