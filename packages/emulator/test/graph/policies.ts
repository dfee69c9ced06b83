import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createGraphStage, type GraphStage, keyCredential } from '../support/graph.ts'
import { certify, now } from '../support/stage.ts'

let stage: GraphStage
let spare: string
before(async () => {
  stage = await createGraphStage()
  spare = await certify()
})

const iso = (at: number) => new Date(at).toISOString()
const day = 86_400_000
const patch = (app: { objectId: string }, keyCredentials: unknown) =>
  stage.call('PATCH', `/applications/${app.objectId}`, { keyCredentials })

const limit = (maxLifetime: string, more = {}) => ({
  isEnabled: true,
  applicationRestrictions: {
    keyCredentials: [{ restrictionType: 'asymmetricKeyLifetime', maxLifetime, ...more }],
  },
})

test('a policy limits how long certificates live, of apps created after its date', async () => {
  const path = '/policies/defaultAppManagementPolicy'
  const app = stage.control.addApp({ name: 'limited' })
  assert.equal((await stage.call('GET', path)).body.isEnabled, false)
  const long = [keyCredential(spare, { startDateTime: iso(now), endDateTime: iso(now + 91 * day) })]
  const short = [keyCredential(spare, { startDateTime: iso(now), endDateTime: iso(now + 90 * day) })]
  const after = { restrictForAppsCreatedAfterDateTime: iso(now + day) }
  const rows: readonly [policy: object, keys: unknown, status: number][] = [
    [limit('P90D'), long, 400],
    [limit('P90D'), short, 204],
    [limit('P3M'), [], 204],
    [limit('P3M'), long, 400],
    [limit('P90D', { state: 'disabled' }), long, 204],
    [limit('P1W', after), [], 204],
    [limit('P1W', after), long, 204],
    [{ ...limit('P1D'), isEnabled: false }, [], 204],
    [{ ...limit('P1D'), isEnabled: false }, long, 204],
  ]
  for (const [policy, keys, status] of rows) {
    assert.equal((await stage.call('PATCH', path, policy)).status, 204)
    const answer = await patch(app, keys)
    assert.equal(answer.status, status, JSON.stringify(policy))
    if (status === 400) assert.equal(answer.body.error.code, 'CredentialInvalidLifetimeAsPerAppPolicy')
  }
  const wrong = await stage.call('PATCH', path, limit('ninety days'))
  assert.deepEqual([wrong.status, wrong.body.error.code], [400, 'Request_BadRequest'])
  await stage.call('PATCH', path, { isEnabled: false })
})

test('a policy of a single app holds for that app, in place of the tenant’s', async () => {
  const path = '/policies/appManagementPolicies'
  const app = stage.control.addApp({ name: 'by itself' })
  const other = stage.control.addApp({ name: 'by the rule' })
  const long = [keyCredential(spare, { startDateTime: iso(now), endDateTime: iso(now + 91 * day) })]
  const days = (maxLifetime: string, more = {}) => ({
    keyCredentials: [{ restrictionType: 'asymmetricKeyLifetime', maxLifetime, ...more }],
  })
  const outcome = async (of: typeof app) => {
    await patch(of, [])
    const { status, body } = await patch(of, long)
    return status === 204 ? 204 : body.error.code
  }
  const tooLong = 'CredentialInvalidLifetimeAsPerAppPolicy'
  const said = { displayName: 'short', description: 'a week', restrictions: days('P7D'), isEnabled: true }
  const made = await stage.call('POST', path, said)
  assert.equal(made.status, 201)
  const { id } = made.body
  assert.deepEqual((await stage.call('GET', `${path}/${id}`)).body.restrictions, {
    passwordCredentials: [],
    keyCredentials: [
      {
        restrictionType: 'asymmetricKeyLifetime',
        maxLifetime: 'P7D',
        state: 'enabled',
        restrictForAppsCreatedAfterDateTime: null,
      },
    ],
  })
  assert.equal(await outcome(app), 204)

  const reference = { '@odata.id': `https://graph.microsoft.com/v1.0${path}/${id}` }
  const assignments = `/applications/${app.objectId}/appManagementPolicies`
  assert.equal((await stage.call('POST', `${assignments}/$ref`, reference)).status, 204)
  assert.deepEqual([await outcome(app), await outcome(other)], [tooLong, 204])
  const ids = async (at: string) =>
    (await stage.call('GET', at)).body.value.map((one: { id: string }) => one.id)
  assert.deepEqual(await ids(assignments), [id])
  assert.deepEqual(await ids(`${path}/${id}/appliesTo`), [app.objectId])
  assert.deepEqual(await ids(`/servicePrincipals/${app.servicePrincipalId}/appManagementPolicies`), [])

  // Looser than the tenant's: the app is free of that one.
  await stage.call('PATCH', '/policies/defaultAppManagementPolicy', limit('P30D'))
  assert.equal((await stage.call('PATCH', `${path}/${id}`, { restrictions: days('P400D') })).status, 204)
  assert.deepEqual([await outcome(app), await outcome(other)], [204, tooLong])
  await stage.call('PATCH', `${path}/${id}`, { isEnabled: false })
  assert.equal(await outcome(app), tooLong)
  await stage.call('PATCH', '/policies/defaultAppManagementPolicy', { isEnabled: false })
  await stage.call('PATCH', `${path}/${id}`, { isEnabled: true, restrictions: days('P7D') })
  assert.equal(await outcome(app), tooLong)

  // What is exported plants the assignment too; what is deleted leaves none.
  const exported = stage.control.exportSeed()
  stage.control.importSeed(JSON.parse(JSON.stringify(exported)))
  assert.deepEqual(stage.control.exportSeed(), exported)
  const [assigned] = exported.tenants[0]?.assignedPolicies ?? []
  assert.deepEqual(Object(assigned).appliesTo, [app.objectId])
  assert.equal(await outcome(app), tooLong)
  assert.equal((await stage.call('DELETE', `${assignments}/${id}/$ref`)).status, 204)
  assert.equal(await outcome(app), 204)
  await stage.call('POST', `${assignments}/$ref`, reference)
  stage.control.removeApp({ appId: app.appId })
  assert.deepEqual(await ids(`${path}/${id}/appliesTo`), [])
  assert.equal((await stage.call('DELETE', `${path}/${id}`)).status, 204)
  assert.deepEqual(await ids(path), [])
})

test('what cannot be a policy, or be assigned, is refused', async () => {
  const path = '/policies/appManagementPolicies'
  const { objectId } = stage.client
  const assignments = `/applications/${objectId}/appManagementPolicies`
  const restrictions = (keyCredentials: unknown) => ({ displayName: 'x', restrictions: { keyCredentials } })
  const { id } = (await stage.call('POST', path, { displayName: 'one' })).body
  const reference = (of: string) => ({ '@odata.id': `https://graph.microsoft.com/v1.0${path}/${of}` })
  await stage.call('POST', `${assignments}/$ref`, reference(id))
  const reader = await stage.tokenOf(['Application.Read.All', 'Policy.Read.All'])
  const policyAdmin = await stage.tokenOf(['Policy.ReadWrite.ApplicationConfiguration'])
  const cases: readonly [status: number, method: string, path: string, body?: unknown, token?: string][] = [
    [400, 'POST', path, {}],
    [400, 'POST', path, { displayName: '' }],
    [400, 'POST', path, { displayName: 'x', id }],
    [400, 'POST', path, { displayName: 'x', appliesTo: [objectId] }],
    [400, 'POST', path, restrictions([{ restrictionType: 'none' }])],
    [400, 'POST', path, restrictions(Array(21).fill({ restrictionType: 'asymmetricKeyLifetime' }))],
    [400, 'PATCH', `${path}/${id}`, { restrictions: 1 }],
    [404, 'PATCH', `${path}/${objectId}`, { isEnabled: true }],
    [404, 'GET', `${path}/${objectId}`],
    [400, 'POST', `${assignments}/$ref`, reference(id)],
    [404, 'POST', `${assignments}/$ref`, reference(objectId)],
    [404, 'POST', `${assignments}/$ref`, {}],
    [404, 'POST', `/applications/${id}/appManagementPolicies/$ref`, reference(id)],
    [404, 'DELETE', `/servicePrincipals/${stage.client.servicePrincipalId}/appManagementPolicies/${id}/$ref`],
    [200, 'GET', path, undefined, reader.token],
    [200, 'GET', assignments, undefined, reader.token],
    [403, 'POST', path, { displayName: 'x' }, reader.token],
    [403, 'DELETE', `${path}/${id}`, undefined, reader.token],
    [403, 'DELETE', `${assignments}/${id}/$ref`, undefined, policyAdmin.token],
    [201, 'POST', path, { displayName: 'x' }, policyAdmin.token],
  ]
  for (const [status, method, at, body, token] of cases) {
    const answer = await stage.call(method, at, body, token === undefined ? {} : { token })
    assert.equal(answer.status, status, `${method} ${at} ${JSON.stringify(body)?.slice(0, 80)}`)
  }
  while ((await stage.call('POST', path, { displayName: 'many' })).status === 201);
  const { body } = await stage.call('POST', path, { displayName: 'many' })
  assert.equal(body.error.code, 'Directory_QuotaExceeded')
  assert.equal((await stage.call('GET', `${path}?$top=999`)).body.value.length, 100)
})

test('a policy can forbid secrets', async () => {
  const path = '/policies/defaultAppManagementPolicy'
  const restrictions = { passwordCredentials: [{ restrictionType: 'passwordAddition' }] }
  await stage.call('PATCH', path, { isEnabled: true, applicationRestrictions: restrictions })
  const { status, body } = await stage.call('POST', `/applications/${stage.client.objectId}/addPassword`, {})
  assert.deepEqual([status, body.error.code], [400, 'CredentialTypeNotAllowedAsPerAppPolicy'])
  await stage.call('PATCH', path, { isEnabled: false })
})
