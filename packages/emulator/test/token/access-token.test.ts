import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
} from 'jose'
import { bodyOf, createStage, now, origin, type Stage, seconds, tenantId } from '../support/stage.ts'

const graph = 'https://graph.microsoft.com'
let stage: Stage
before(async () => {
  stage = await createStage()
  const { client, api } = stage
  stage.control.grantRole({ clientAppId: client.appId, resourceAppId: api.appId, role: 'Cars.Read' })
})

/** Verified by jose against the served key set. */
async function verified(token: string, version: '' | 'v2.0/'): Promise<JWTPayload> {
  const response = await stage.get(`/${tenantId}/discovery/${version}keys`)
  const keySet = (await response.json()) as JSONWebKeySet // as: jose checks it
  const options = { currentDate: new Date(now), algorithms: ['RS256'] }
  return (await jwtVerify(token, createLocalJWKSet(keySet), options)).payload
}

const token = async (changes: Record<string, string> = {}, from: Stage = stage) =>
  (await bodyOf(from.post(await from.form(changes)))).access_token

test('a v2 token of a custom API has the claims of the service and no others', async () => {
  const jwt = await token()
  assert.deepEqual(Object.keys(decodeProtectedHeader(jwt)), ['typ', 'alg', 'kid'])
  const claims = await verified(jwt, 'v2.0/')
  const { aio, rh, uti, xms_ftd, ...others } = claims
  const { appId: clientId, servicePrincipalId } = stage.client
  assert.deepEqual(others, {
    aud: stage.api.appId,
    iss: `${origin}/${tenantId}/v2.0`,
    iat: seconds - 300,
    nbf: seconds - 300,
    exp: seconds + 3600,
    azp: clientId,
    azpacr: '2',
    oid: servicePrincipalId,
    roles: ['Cars.Read'],
    sub: servicePrincipalId,
    tid: tenantId,
    ver: '2.0',
  })
  for (const opaque of [aio, rh, uti, xms_ftd]) assert.equal(typeof opaque, 'string')
  assert.match(String(uti), /^[\w-]{22}$/)
  const names = Object.keys(claims)
  assert.deepEqual(names, ['aud', 'iss', 'iat', 'nbf', 'exp', ...names.slice(5).sort()])
})

test('a v1 token of a custom API names the client by appid and says x5t', async () => {
  const { appId } = stage.control.addApp({ name: 'old', identifierUris: ['https://old.example'] })
  for (const asked of ['https://old.example', 'https://OLD.example/', appId]) {
    const jwt = await token({ scope: `${asked}/.default` })
    const { kid, x5t, ...header } = decodeProtectedHeader(jwt)
    assert.deepEqual(header, { typ: 'JWT', alg: 'RS256' })
    assert.equal(x5t, kid)
    const { aio, rh, uti, ...claims } = await verified(jwt, '')
    assert.deepEqual(claims, {
      aud: asked,
      iss: `https://sts.windows.net/${tenantId}/`,
      iat: seconds - 300,
      nbf: seconds - 300,
      exp: seconds + 3600,
      appid: stage.client.appId,
      appidacr: '2',
      idp: `https://sts.windows.net/${tenantId}/`,
      oid: stage.client.servicePrincipalId,
      sub: stage.client.servicePrincipalId,
      tid: tenantId,
      ver: '1.0',
    })
    assert.ok(aio && rh && uti)
  }
})

test('a token for Graph says more about the client', async () => {
  const claims = await verified(await token({ scope: `${graph}/.default` }), '')
  assert.equal(claims.app_displayname, 'billing')
  assert.equal(claims.idtyp, 'app')
  assert.equal(claims.tenant_region_scope, 'WW')
  assert.deepEqual(claims.wids, ['0997a1d0-0d1d-4acb-b408-d5ca73121e90'])
  assert.equal(claims.ver, '1.0')
  assert.equal(claims.xms_cc, undefined)
})

test('the age of the tenant is a number in tokens for Graph, and a text in those for Azure Resource Manager', async () => {
  const [forGraph, forArm] = await Promise.all(
    [graph, 'https://management.azure.com'].map(async (resource) =>
      verified(await token({ scope: `${resource}/.default` }), ''),
    ),
  )
  assert.equal(forGraph?.xms_tcdt, seconds)
  assert.equal(forArm?.xms_tcdt, String(seconds))
})

test('a Graph permission of any name can be granted', async () => {
  const resourceAppId = '00000003-0000-0000-c000-000000000000'
  const { appId: clientAppId } = stage.client
  for (const role of ['User.Read.All', 'Mail.Send'])
    stage.control.grantRole({ clientAppId, resourceAppId, role })
  const claims = await verified(await token({ scope: `${graph}/.default` }), '')
  assert.deepEqual(claims.roles, ['Mail.Send', 'User.Read.All'])
})

test('an API that asks for idtyp gets it', async () => {
  const { appId } = stage.control.addApp({ name: 'a', accessTokenVersion: 2, optionalClaims: ['idtyp'] })
  assert.equal((await verified(await token({ scope: `${appId}/.default` }), 'v2.0/')).idtyp, 'app')
})

test('a token issued to a secret says so', async () => {
  const other = await createStage({ secrets: ['s'] })
  const changes = { client_secret: 's', client_assertion: '' }
  assert.equal((await verified(await token(changes, other), 'v2.0/')).azpacr, '1')
})

test('without a role there is a token, but no roles claim', async () => {
  const other = await createStage()
  assert.equal((await verified(await token({}, other), 'v2.0/')).roles, undefined)
})

test('the issuer of a v2 token is the authority that was asked', async () => {
  const path = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const response = await stage.app.request(path, { method: 'POST', body: await stage.form(), headers })
  const claims = await verified((await bodyOf(response)).access_token, 'v2.0/')
  assert.equal(claims.iss, `https://login.microsoftonline.com/${tenantId}/v2.0`)
})
