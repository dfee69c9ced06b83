import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { before, test } from 'node:test'
import { createGraphStage, derBase64, type GraphStage, keyCredential, otherKey } from '../support/graph.ts'
import { assertion, bodyOf, certify, now, sha } from '../support/stage.ts'

let stage: GraphStage
let spare: string
before(async () => {
  stage = await createGraphStage()
  spare = await certify()
})

const iso = (at: number) => new Date(at).toISOString()
const day = 86_400_000
const get = async (app: { objectId: string }) =>
  (await stage.call('GET', `/applications/${app.objectId}`)).body.keyCredentials
const patch = (app: { objectId: string }, keyCredentials: unknown) =>
  stage.call('PATCH', `/applications/${app.objectId}`, { keyCredentials })

test('a key that is set by Graph opens the token endpoint at once, and one that is left out no more', async () => {
  const app = stage.control.addApp({ name: 'fresh' })
  const token = async (certificate: string) => {
    const client_assertion = await assertion({ appId: app.appId, certificate })
    return bodyOf(stage.post(await stage.form({ client_id: app.appId, client_assertion })))
  }
  assert.deepEqual((await token(spare)).error_codes, [700027])
  assert.equal((await patch(app, [keyCredential(spare)])).status, 204)
  assert.ok((await token(spare)).access_token)
  assert.equal((await patch(app, [keyCredential(await certify())])).status, 204)
  assert.deepEqual((await token(spare)).error_codes, [700027])
})

test('a key credential is shown with the certificate’s dates, name and thumbprint, and without its bytes', async () => {
  const app = stage.control.addApp({ name: 'shown' })
  await patch(app, [keyCredential(spare)])
  const [shown] = await get(app)
  const x509 = new X509Certificate(spare)
  assert.deepEqual(shown, {
    customKeyIdentifier: sha('sha1', spare).toString('hex').toUpperCase(),
    displayName: 'CN=billing',
    endDateTime: iso(Date.parse(x509.validTo)).replace('.000', ''),
    key: null,
    keyId: shown.keyId,
    startDateTime: iso(Date.parse(x509.validFrom)).replace('.000', ''),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
  })
  assert.match(shown.keyId, /^[0-9a-f-]{36}$/)
})

test('the bytes are shown where a single object is asked for its keys alone', async () => {
  const path = `/applications/${stage.client.objectId}`
  const { body } = await stage.call('GET', `${path}?$select=keyCredentials`)
  assert.equal(body.keyCredentials[0].key, derBase64(stage.certificate))
  const list = await stage.call('GET', '/applications?$select=keyCredentials')
  assert.ok(
    list.body.value.every((app: { keyCredentials: { key: unknown }[] }) =>
      app.keyCredentials.every(({ key }) => key === null),
    ),
  )
})

test('keys that come back as they were read are kept, with `"key": null`, as the Azure CLI sends them', async () => {
  const app = stage.control.addApp({ name: 'appended', certificates: [stage.certificate] })
  const read = await get(app)
  const added = {
    '@odata.type': '#microsoft.graph.keyCredential',
    displayName: null,
    endDateTime: iso(now + 30 * day),
    // The CLI breaks base64 into lines.
    key: derBase64(spare).replace(/(.{64})/g, '$1\n'),
    keyId: '3B4E28BA-2fa1-41d2-883f-0016d3cca427',
    startDateTime: iso(now),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
  }
  assert.equal((await patch(app, [...read, added])).status, 204)
  const after = await get(app)
  assert.deepEqual(after[0], read[0])
  assert.deepEqual(
    [after[1].keyId, after[1].endDateTime],
    [added.keyId.toLowerCase(), added.endDateTime.replace('.000', '')],
  )
  assert.equal((await patch(app, [])).status, 204)
  assert.deepEqual(await get(app), [])
})

test('a kept key can be renamed; an expired one can be kept', async () => {
  const old = await certify(undefined, { from: now - 90 * day, days: 30 })
  const app = stage.control.addApp({ name: 'old', certificates: [old] })
  const [read] = await get(app)
  assert.equal((await patch(app, [{ ...read, displayName: 'CN=old' }])).status, 204)
  assert.deepEqual(await get(app), [{ ...read, displayName: 'CN=old' }])
})

test('a key credential that ends before its certificate is refused at the token endpoint from then on', async () => {
  const app = stage.control.addApp({ name: 'short' })
  await patch(app, [keyCredential(spare, { endDateTime: iso(now + 1000) })])
  const at = stage.clock.now()
  const send = async () => {
    const client_assertion = await assertion({ appId: app.appId, certificate: spare })
    return bodyOf(stage.post(await stage.form({ client_id: app.appId, client_assertion })))
  }
  assert.ok((await send()).access_token)
  stage.clock.set(at + 2000)
  assert.deepEqual((await send()).error_codes, [700027])
  stage.clock.set(at)
})

const pem = (certificate: string, key: string) => Buffer.from(`${certificate}${key}`).toString('base64')
/** PKCS#12 begins so: version 3, then the container. */
const pfx = Buffer.from('308203e80201033082', 'hex')

const invalid = [
  400,
  'Request_BadRequest',
  /^Invalid value specified for property 'keyCredentials' of resource 'Application'\.$/,
] as const
const notConverted = [400, 'Request_BadRequest', /^Cannot convert .* to the expected type 'Edm\./] as const
const endDate = [400, 'KeyCredentialsInvalidEndDate', /^Key credential end date is invalid\.$/] as const
const startDate = [400, 'KeyCredentialsInvalidStartDate', /^Key credential start date is invalid\.$/] as const

const refused: readonly [
  what: string,
  keys: () => unknown | Promise<unknown>,
  answer: readonly [number, string, RegExp],
][] = [
  ['no list', () => ({}), invalid],
  ['an entry that is no object', () => ['x'], invalid],
  ['a type that certificates do not have', () => [keyCredential(spare, { type: 'Symmetric' })], invalid],
  [
    'a certificate with its key, for SAML',
    () => [keyCredential(spare, { type: 'X509CertAndPassword', usage: 'Sign' })],
    invalid,
  ],
  ['no usage', () => [keyCredential(spare, { usage: null })], invalid],
  ['another usage', () => [keyCredential(spare, { usage: 'Sign' })], invalid],
  [
    'a member that there is not',
    () => [keyCredential(spare, { colour: 'red' })],
    [400, 'Request_BadRequest', /^The property 'colour' does not exist on type/],
  ],
  ['a key that is not base64', () => [keyCredential(spare, { key: 'no base64!' })], notConverted],
  ['a key that is a number', () => [keyCredential(spare, { key: 7 })], notConverted],
  ['base64 that is no certificate', () => [keyCredential(spare, { key: 'AAAA' })], invalid],
  ['a PFX', () => [keyCredential(spare, { key: pfx.toString('base64') })], invalid],
  [
    'a PEM with a private key',
    () => [
      keyCredential(spare, { key: pem(spare, otherKey.export({ type: 'pkcs8', format: 'pem' }).toString()) }),
    ],
    invalid,
  ],
  [
    'no key, and none of that id',
    () => [keyCredential(spare, { key: null, keyId: '3b4e28ba-2fa1-41d2-883f-0016d3cca427' })],
    invalid,
  ],
  ['a key id that is no GUID', () => [keyCredential(spare, { keyId: '1' })], notConverted],
  [
    'a date without a zone',
    () => [keyCredential(spare, { endDateTime: '2026-10-01T00:00:00' })],
    notConverted,
  ],
  [
    'an end beyond the certificate',
    () => [keyCredential(spare, { endDateTime: iso(now + 400 * day) })],
    endDate,
  ],
  ['an end in the past', () => [keyCredential(spare, { endDateTime: iso(now - 1000) })], endDate],
  [
    'an expired certificate',
    async () => [keyCredential(await certify(undefined, { from: now - 90 * day, days: 30 }))],
    endDate,
  ],
  [
    'a start before the certificate',
    () => [keyCredential(spare, { startDateTime: iso(now - 2 * day) })],
    startDate,
  ],
  [
    'an end before the start',
    () => [keyCredential(spare, { startDateTime: iso(now + 2 * day), endDateTime: iso(now + day) })],
    startDate,
  ],
  ['the same certificate twice', () => [keyCredential(spare), keyCredential(spare)], invalid],
  [
    'an identifier that is not base64',
    () => [keyCredential(spare, { customKeyIdentifier: 'a b' })],
    notConverted,
  ],
  [
    'an identifier of 44 characters',
    () => [keyCredential(spare, { customKeyIdentifier: 'A'.repeat(44) })],
    [400, 'Request_BadRequest', /customKeyIdentifier/],
  ],
  [
    'the id of a key that is there, with another certificate',
    async () => {
      const [{ keyId }] = await get(stage.client)
      return [keyCredential(spare, { keyId })]
    },
    [
      400,
      'Request_BadRequest',
      /^Update to existing credential with KeyId '[0-9a-f-]{36}' is not allowed\.$/,
    ],
  ],
  [
    'a key that is there, with another end',
    async () => {
      const [read] = await get(stage.client)
      return [{ ...read, endDateTime: iso(now + day) }]
    },
    [400, 'Request_BadRequest', /^Update to existing credential/],
  ],
]
for (const [what, keys, [status, code, message]] of refused) {
  test(`${what} is refused, and nothing changes`, async () => {
    const given = await keys()
    const before = await get(stage.client)
    const { body, ...answer } = await patch(stage.client, given)
    assert.deepEqual([answer.status, body.error.code], [status, code])
    assert.match(body.error.message, message)
    assert.ok(!body.error.message.includes('PRIVATE'))
    assert.deepEqual(await get(stage.client), before)
  })
}

test('a refused member keeps the others from being set', async () => {
  const path = `/applications/${stage.client.objectId}`
  const { status } = await stage.call('PATCH', path, { displayName: 'renamed', keyCredentials: 7 })
  assert.equal(status, 400)
  assert.equal((await stage.call('GET', path)).body.displayName, 'billing')
})

test('a service principal has keys of its own, good in its tenant', async () => {
  const app = stage.control.addApp({ name: 'principal keys' })
  const path = `/servicePrincipals/${app.servicePrincipalId}`
  assert.equal((await stage.call('PATCH', path, { keyCredentials: [keyCredential(spare)] })).status, 204)
  assert.equal((await stage.call('GET', path)).body.keyCredentials.length, 1)
  assert.deepEqual(await get(app), [])
  const client_assertion = await assertion({ appId: app.appId, certificate: spare })
  const answer = await bodyOf(stage.post(await stage.form({ client_id: app.appId, client_assertion })))
  assert.ok(answer.access_token)
})
