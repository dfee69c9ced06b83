import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import {
  createGraphStage,
  type GraphStage,
  keyCredential,
  otherKey as other,
  proof,
} from '../support/graph.ts'
import { certify, now, privateKey, seconds } from '../support/stage.ts'

const day = 86_400_000
let stage: GraphStage
/** Registered and valid; expired; and not registered, of the other key. */
let certificate: string
let expired: string
let next: string
let app: { readonly appId: string; readonly objectId: string; readonly token: string }
let without: typeof app

before(async () => {
  stage = await createGraphStage()
  certificate = await certify()
  expired = await certify(other, { from: now - 90 * day, days: 30 })
  next = await certify(other)
  app = await stage.tokenOf([], { certificates: [certificate, expired] })
  without = await stage.tokenOf([], { certificates: [] })
})

const addKey = (body: object, path = `/applications/${app.objectId}`, token = app.token) =>
  stage.call('POST', `${path}/addKey`, { passwordCredential: null, ...body }, { token })

test('an app without any role rolls its own key: adds the next with a proof by the old, removes the old with one by the next', async () => {
  const { token, ...own } = await stage.tokenOf([], { certificates: [certificate] })
  for (const path of [`/applications/${own.objectId}`, `/applications(appId='${own.appId}')`]) {
    const present = (await stage.call('GET', path)).body.keyCredentials
    const good = await proof({ issuer: own.objectId, certificate })
    const added = await addKey({ keyCredential: keyCredential(next), proof: good }, path, token)
    assert.equal(added.status, 200)
    assert.match(added.body['@odata.context'], /\/v1\.0\/\$metadata#microsoft\.graph\.keyCredential$/)
    assert.equal(added.body.key, null)
    assert.equal((await stage.call('GET', path)).body.keyCredentials.length, present.length + 1)

    const byNext = await proof({ issuer: own.objectId, certificate: next, key: other })
    const removed = await stage.call(
      'POST',
      `${path}/removeKey`,
      { keyId: added.body.keyId, proof: byNext },
      { token },
    )
    assert.equal(removed.status, 204)
    const gone = await stage.call(
      'POST',
      `${path}/removeKey`,
      { keyId: added.body.keyId, proof: good },
      { token },
    )
    assert.deepEqual([gone.status, gone.body.error.code], [400, 'Request_BadRequest'])
  }
})

test('a service principal rolls keys of its own, with its object id as issuer', async () => {
  const own = await stage.tokenOf([])
  const path = `/servicePrincipals/${own.servicePrincipalId}`
  await stage.call('PATCH', path, { keyCredentials: [keyCredential(certificate)] })
  const body = { keyCredential: keyCredential(next), passwordCredential: null }
  const byApp = await proof({ issuer: own.objectId, certificate })
  assert.equal((await addKey({ ...body, proof: byApp }, path, own.token)).status, 401)
  const good = await proof({ issuer: own.servicePrincipalId ?? '', certificate })
  assert.equal((await addKey({ ...body, proof: good }, path, own.token)).status, 200)
})

type Changes = Omit<Parameters<typeof proof>[0], 'issuer' | 'certificate'> & {
  issuer?: string
  certificate?: string
}
const claims = (changed: Record<string, unknown>) => (): Changes => ({ claims: changed })
const wrong: readonly [what: string, changes: () => Changes][] = [
  ['the app id as issuer', () => ({ issuer: app.appId })],
  ['another object as issuer', () => ({ issuer: stage.client.objectId })],
  ['no issuer', claims({ iss: undefined })],
  ['Microsoft Graph as audience', claims({ aud: '00000003-0000-0000-c000-000000000000' })],
  ['the token endpoint as audience', claims({ aud: 'https://login.microsoftonline.com/x/oauth2/token' })],
  ['no audience', claims({ aud: undefined })],
  ['no nbf', claims({ nbf: undefined })],
  ['no exp', claims({ exp: undefined })],
  ['a life of more than ten minutes', claims({ exp: seconds + 601 })],
  ['an end in the past', claims({ nbf: seconds - 900, exp: seconds - 301 })],
  ['a beginning in the future', claims({ nbf: seconds + 301, exp: seconds + 600 })],
  ['an end before the beginning', claims({ nbf: seconds + 10, exp: seconds })],
  ['times as texts', claims({ nbf: String(seconds), exp: String(seconds + 600) })],
  ['a signature by another key', () => ({ key: other })],
  ['the key that is to be added', () => ({ certificate: next, key: other })],
  ['an expired certificate', () => ({ certificate: expired, key: other })],
  ['PS256', () => ({ header: { alg: 'PS256' } })],
  ['a shared secret', () => ({ header: { alg: 'HS256' }, key: Buffer.from(certificate) })],
]
for (const operation of ['addKey', 'removeKey']) {
  for (const [what, changes] of wrong) {
    test(`${operation} with a proof with ${what} is refused`, async () => {
      await assertRefused(operation, await proof({ issuer: app.objectId, certificate, ...changes() }))
    })
  }
}

const good = () => proof({ issuer: app.objectId, certificate })
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const mangled: readonly [what: string, proof: () => Promise<unknown>][] = [
  ['nothing', async () => undefined],
  ['no text', async () => 7],
  ['an empty text', async () => ''],
  ['two segments', async () => (await good()).split('.').slice(0, 2).join('.')],
  ['padding', async () => `${await good()}==`],
  ['no signature', async () => (await good()).replace(/[^.]+$/, '')],
  ['alg none', async () => `${part({ alg: 'none' })}.${(await good()).split('.')[1]}.AA`],
  ['another payload', async () => (await good()).replace(/\.[^.]+\./, `.${part({ iss: app.objectId })}.`)],
]
for (const [what, given] of mangled) {
  test(`addKey with ${what} for a proof is refused`, async () => {
    await assertRefused('addKey', await given())
  })
}

async function assertRefused(operation: string, given: unknown) {
  const path = `/applications/${app.objectId}`
  const before = (await stage.call('GET', path)).body.keyCredentials
  const body = { keyCredential: keyCredential(next), keyId: before[0].keyId, proof: given }
  const answer = await stage.call('POST', `${path}/${operation}`, body, { token: app.token })
  assert.deepEqual(
    [answer.status, answer.body.error.code, answer.body.error.message],
    [401, 'Authentication_MissingOrMalformed', 'Access Token missing or malformed.'],
  )
  assert.deepEqual((await stage.call('GET', path)).body.keyCredentials, before)
}

test('an app without a valid certificate cannot prove anything', async () => {
  const given = await proof({ issuer: without.objectId, certificate: next, key: other })
  const { status } = await addKey(
    { keyCredential: keyCredential(next), proof: given },
    `/applications/${without.objectId}`,
    without.token,
  )
  assert.equal(status, 401)
})

test('a proof opens nothing to a caller without a role who is not the app', async () => {
  const { status, body } = await addKey(
    { keyCredential: keyCredential(next), proof: await good() },
    undefined,
    without.token,
  )
  assert.deepEqual([status, body.error.code], [403, 'Authorization_RequestDenied'])
  const admin = await addKey({ keyCredential: keyCredential(next), proof: 'x' }, undefined, stage.admin.token)
  assert.equal(admin.status, 401)
})

test('addKey refuses what a PATCH refuses: dates, a password beside a certificate, a certificate that is there', async () => {
  const given = { proof: await good() }
  const end = { endDateTime: new Date(now + 400 * day).toISOString() }
  const rows: readonly [body: object, code: string][] = [
    [{ keyCredential: keyCredential(next, end) }, 'KeyCredentialsInvalidEndDate'],
    [{ keyCredential: keyCredential(next), passwordCredential: { secretText: 'x' } }, 'Request_BadRequest'],
    [{ keyCredential: keyCredential(certificate) }, 'Request_BadRequest'],
    [{ keyCredential: keyCredential(next, { key: null }) }, 'Request_BadRequest'],
    [{}, 'Request_BadRequest'],
  ]
  for (const [body, code] of rows) {
    const answer = await addKey({ ...given, ...body })
    assert.deepEqual([answer.status, answer.body.error.code], [400, code])
  }
})

test('of many proofs at once each adds its key, and none is lost', async () => {
  const own = await stage.tokenOf([], { certificates: [certificate] })
  const certificates = await Promise.all(
    [1, 2, 3, 4, 5].map((n) => certify(privateKey, { commonName: `n${n}` })),
  )
  const given = await proof({ issuer: own.objectId, certificate })
  const path = `/applications/${own.objectId}`
  const added = await Promise.all(
    certificates.map((one) => addKey({ keyCredential: keyCredential(one), proof: given }, path, own.token)),
  )
  assert.ok(added.every(({ status }) => status === 200))
  assert.equal((await stage.call('GET', path)).body.keyCredentials.length, 6)
})
