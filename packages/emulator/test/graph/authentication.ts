import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { SignJWT } from 'jose'
import { createGraphStage, type GraphStage } from '../support/graph.ts'
import { privateKey, seconds } from '../support/stage.ts'

let stage: GraphStage
before(async () => {
  stage = await createGraphStage()
})

const list = (token: string, headers = {}) =>
  stage.call('GET', '/applications', undefined, { token, headers })

/** The admin's token with other claims, signed by the emulator's own key or by another. */
async function forged(
  claims: object,
  key = stage.signingKeys.current().privateKey,
  kid = stage.signingKeys.current().kid,
) {
  const [, payload = ''] = stage.admin.token.split('.')
  const own = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return new SignJWT({ ...own, ...claims }).setProtectedHeader({ alg: 'RS256', kid }).sign(key)
}

const refused: readonly [what: string, token: () => Promise<string> | string, message: RegExp][] = [
  ['no token', () => '', /^Access token is empty\.$/],
  ['no JWT', () => 'opaque', /^CompactToken parsing failed/],
  ['a changed token', () => `${stage.admin.token.slice(0, -4)}AAAA`, /Invalid signature/],
  ['a key of somebody else', () => forged({}, privateKey), /Invalid signature/],
  ['a key that is not known', () => forged({}, privateKey, 'other'), /Invalid signature/],
  [
    'a token for another API',
    () => forged({ aud: 'https://management.azure.com' }),
    /^Access token validation failure\. Invalid audience\.$/,
  ],
  [
    'an expired token',
    () => forged({ exp: seconds }),
    /^Lifetime validation failed, the token is expired\.$/,
  ],
  ['a token of tomorrow', () => forged({ nbf: seconds + 1 }), /^Lifetime validation failed/],
  [
    'a token of another tenant',
    () => forged({ tid: '0b5e7a3c-9d2f-4e61-8c47-1f3a5b7d9e20' }),
    /identity of the calling application/,
  ],
  [
    'a token of a principal that is gone',
    () => forged({ oid: '0b5e7a3c-9d2f-4e61-8c47-1f3a5b7d9e20' }),
    /identity of the calling application/,
  ],
]
for (const [what, token, message] of refused) {
  test(`${what} is answered with 401`, async () => {
    const { status, body, headers } = await list(await token())
    assert.deepEqual([status, body.error.code], [401, 'InvalidAuthenticationToken'])
    assert.match(body.error.message, message)
    assert.match(headers.get('www-authenticate') ?? '', /^Bearer realm="", authorization_uri="https:/)
  })
}

test('Graph is accepted as audience in every spelling, and by its name where it is mapped', async () => {
  for (const resource of [
    'https://graph.microsoft.com',
    'https://graph.microsoft.com/',
    '00000003-0000-0000-c000-000000000000',
  ]) {
    const { token } = await stage.tokenOf(['Application.Read.All'], {}, resource)
    assert.equal((await list(token)).status, 200, resource)
  }
  const headers = { authorization: `Bearer ${stage.admin.token}` }
  assert.equal(
    (await stage.app.request('https://graph.microsoft.com/v1.0/applications', { headers })).status,
    200,
  )
})

test('a token stays good after the signing key rolled', async () => {
  const { token } = await stage.tokenOf(['Application.Read.All'])
  await stage.signingKeys.roll()
  assert.equal((await list(token)).status, 200)
})

test('an error has Graph’s body, and its ids stand in the headers', async () => {
  const sent = '1b4e28ba-2fa1-41d2-883f-0016d3cca427'
  const { body, headers } = await list('', { 'client-request-id': sent })
  assert.deepEqual(Object.keys(body.error), ['code', 'message', 'innerError'])
  assert.deepEqual(body.error.innerError, {
    date: '2026-09-14T08:12:31',
    'request-id': headers.get('request-id'),
    'client-request-id': sent,
  })
  assert.equal(headers.get('client-request-id'), sent)
  const without = await list('')
  assert.equal(without.body.error.innerError['client-request-id'], without.headers.get('request-id'))
})

test('a disabled caller is refused', async () => {
  const { token, appId } = await stage.tokenOf(['Application.Read.All'])
  const [tenant] = stage.directory.tenants()
  assert.ok(tenant)
  const principal = stage.directory.findPrincipal(tenant, appId)
  assert.ok(principal)
  stage.directory.updatePrincipal(principal, { enabled: false })
  assert.equal((await list(token)).status, 401)
})

/** What each role opens: reading, creating, changing what somebody else owns, changing one's own. */
const doors: readonly [
  roles: readonly string[],
  read: number,
  create: number,
  foreign: number,
  own: number,
][] = [
  [[], 403, 403, 403, 403],
  [['User.Read.All'], 403, 403, 403, 403],
  [['Application.Read.All'], 200, 403, 403, 403],
  [['Directory.Read.All'], 200, 403, 403, 403],
  [['Application.ReadWrite.OwnedBy'], 200, 201, 403, 204],
  [['Application.ReadWrite.All'], 200, 201, 204, 204],
]
for (const [roles, read, create, foreign, own] of doors) {
  test(`with ${roles.join() || 'no role'}: read ${read}, create ${create}, change another’s ${foreign}, one’s own ${own}`, async () => {
    const { token, servicePrincipalId = '' } = await stage.tokenOf(roles)
    const owned = stage.control.addApp({ name: 'owned', owners: [servicePrincipalId] })
    const change = (id: string) => stage.call('PATCH', `/applications/${id}`, { notes: 'x' }, { token })
    const found = [
      await list(token),
      await stage.call('POST', '/applications', { displayName: 'new' }, { token }),
      await change(stage.client.objectId),
      await change(owned.objectId),
    ]
    assert.deepEqual(
      found.map(({ status }) => status),
      [read, create, foreign, own],
    )
    for (const { status, body } of found.filter((one) => one.status === 403))
      assert.deepEqual(
        [status, body.error.code, body.error.message],
        [403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'],
      )
  })
}

test('whoever creates an app with OwnedBy owns it', async () => {
  const { token, servicePrincipalId } = await stage.tokenOf(['Application.ReadWrite.OwnedBy'])
  const created = await stage.call('POST', '/applications', { displayName: 'mine' }, { token })
  const { body } = await stage.call('GET', `/applications/${created.body.id}/owners`, undefined, { token })
  assert.deepEqual(
    body.value.map(({ id }: { id: string }) => id),
    [servicePrincipalId],
  )
  assert.equal(
    (await stage.call('DELETE', `/applications/${created.body.id}`, undefined, { token })).status,
    204,
  )
})

test('a token for Graph carries the roles that were granted through it', async () => {
  const { token } = await stage.tokenOf(['Application.Read.All'])
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  assert.deepEqual(claims.roles, ['Application.Read.All'])
  assert.equal(claims.aud, 'https://graph.microsoft.com')
})
