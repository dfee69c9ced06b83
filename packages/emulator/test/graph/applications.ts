import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createGraphStage, type GraphStage, graphAppId } from '../support/graph.ts'
import { bodyOf, otherTenantId, tenantId } from '../support/stage.ts'

let stage: GraphStage
before(async () => {
  stage = await createGraphStage()
})

const unknown = '3b4e28ba-2fa1-41d2-883f-0016d3cca427'
const get = (path: string) => stage.call('GET', path)

test('an application is created, read in every form, changed and deleted', async () => {
  const created = await stage.call('POST', '/applications', {
    displayName: 'made by graph',
    signInAudience: 'AzureADMyOrg',
    identifierUris: ['api://made-by-graph'],
    api: { requestedAccessTokenVersion: 2 },
    appRoles: [
      {
        id: unknown,
        value: 'Made.Read',
        displayName: 'Read',
        description: 'Reads',
        allowedMemberTypes: ['Application'],
        isEnabled: true,
      },
    ],
    web: { redirectUris: ['https://localhost'] },
    tags: ['one'],
  })
  assert.equal(created.status, 201)
  const { id, appId } = created.body
  assert.equal(created.body.createdDateTime, '2026-09-14T08:12:31Z')
  assert.equal(created.body.publisherDomain, 'contoso.onmicrosoft.com')
  assert.deepEqual(created.body.web.redirectUris, ['https://localhost'])

  for (const path of [
    `/applications/${id}`,
    `/applications('${id}')`,
    `/applications(appId='${appId}')`,
    `/Applications/${id.toUpperCase()}`,
  ]) {
    for (const prefix of ['', '/myorganization']) {
      const { status, body } = await get(`${prefix}${path}`)
      assert.deepEqual([status, body.displayName], [200, 'made by graph'], `${prefix}${path}`)
    }
  }
  assert.equal((await stage.call('GET', `/applications/${id}`, undefined, { version: '/beta' })).status, 200)

  const changes = {
    displayName: 'renamed',
    notes: 'a note',
    web: { homePageUrl: 'https://localhost/home' },
    tags: ['two'],
  }
  assert.equal((await stage.call('PATCH', `/applications/${id}`, changes)).status, 204)
  const { body } = await get(`/applications/${id}`)
  assert.deepEqual(
    [body.displayName, body.notes, body.tags, body.web.redirectUris, body.web.homePageUrl],
    ['renamed', 'a note', ['two'], ['https://localhost'], 'https://localhost/home'],
  )
  assert.equal(body.api.requestedAccessTokenVersion, 2)
  assert.equal((await stage.call('PATCH', `/applications/${id}`, { notes: null })).status, 204)
  assert.equal((await get(`/applications/${id}`)).body.notes, null)

  assert.equal((await stage.call('DELETE', `/applications/${id}`)).status, 204)
  const gone = await get(`/applications/${id}`)
  assert.deepEqual(
    [gone.status, gone.body.error.code, gone.body.error.message],
    [
      404,
      'Request_ResourceNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ],
  )
})

test('what Graph makes serves at the token endpoint: an API with a role, a client with a secret, a grant', async () => {
  const make = async (body: object) => {
    const { body: app } = await stage.call('POST', '/applications', body)
    const { body: sp } = await stage.call('POST', '/servicePrincipals', { appId: app.appId })
    return { app, sp }
  }
  const api = await make({
    displayName: 'bikes',
    api: { requestedAccessTokenVersion: 2 },
    appRoles: [
      {
        id: unknown,
        value: 'Bikes.Read',
        displayName: 'r',
        description: 'd',
        allowedMemberTypes: ['Application'],
      },
    ],
  })
  const client = await make({ displayName: 'rider' })
  const { status, body: password } = await stage.call('POST', `/applications/${client.app.id}/addPassword`, {
    passwordCredential: { displayName: 'first' },
  })
  assert.equal(status, 200)
  assert.equal(password.hint, password.secretText.slice(0, 3))
  const assigned = await stage.call('POST', `/servicePrincipals/${client.sp.id}/appRoleAssignments`, {
    principalId: client.sp.id,
    resourceId: api.sp.id,
    appRoleId: unknown,
  })
  assert.equal(assigned.status, 201)

  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client.app.appId,
    client_secret: password.secretText,
    scope: `${api.app.appId}/.default`,
  }).toString()
  const claims = async () => {
    const { access_token } = await bodyOf(stage.post(form))
    return JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString())
  }
  const first = await claims()
  assert.deepEqual([first.oid, first.roles, first.ver], [client.sp.id, ['Bikes.Read'], '2.0'])

  const path = `/servicePrincipals/${client.sp.id}/appRoleAssignments`
  const { body: list } = await get(path)
  assert.deepEqual(
    list.value,
    [{ ...assigned.body, '@odata.context': undefined }].map(({ '@odata.context': _, ...one }) => one),
  )
  assert.deepEqual((await get(`/servicePrincipals/${api.sp.id}/appRoleAssignedTo`)).body.value, list.value)
  assert.equal((await get(`${path}/${assigned.body.id}`)).body.appRoleId, unknown)
  assert.equal((await stage.call('DELETE', `${path}/${assigned.body.id}`)).status, 204)
  assert.equal((await claims()).roles, undefined)
  assert.equal((await stage.call('DELETE', `${path}/${assigned.body.id}`)).status, 404)

  const removed = { keyId: password.keyId }
  assert.equal(
    (await stage.call('POST', `/applications/${client.app.id}/removePassword`, removed)).status,
    204,
  )
  assert.deepEqual((await bodyOf(stage.post(form))).error_codes, [7000215])
  assert.equal(
    (await stage.call('POST', `/applications/${client.app.id}/removePassword`, removed)).status,
    400,
  )
})

test('Graph’s own roles are granted by their published ids', async () => {
  const { body: graph } = await get(`/servicePrincipals(appId='${graphAppId}')`)
  const role = graph.appRoles.find(({ value }: { value: string }) => value === 'Application.Read.All')
  assert.equal(role.id, '9a5d68dd-52b0-4cc2-bd40-abcf3ac3a30c')
  const body = { principalId: stage.client.servicePrincipalId, resourceId: graph.id, appRoleId: role.id }
  const path = `/servicePrincipals/${graph.id}/appRoleAssignedTo`
  assert.equal((await stage.call('POST', path, body)).status, 201)
  const again = await stage.call('POST', path, body)
  assert.deepEqual(
    [again.status, again.body.error.message],
    [400, 'Permission being assigned already exists on the object'],
  )
  const other = await stage.call('POST', path, { ...body, appRoleId: unknown })
  assert.match(other.body.error.message, /^Permission being assigned was not found on application '00000003-/)
  const elsewhere = await stage.call('POST', path, { ...body, resourceId: stage.client.servicePrincipalId })
  assert.equal(elsewhere.body.error.message, 'One or more properties are invalid.')
})

test('a service principal can be disabled, and the token endpoint then refuses its app', async () => {
  const app = stage.control.addApp({ name: 'off', secrets: ['x'] })
  const path = `/servicePrincipals/${app.servicePrincipalId}`
  assert.equal((await stage.call('PATCH', path, { accountEnabled: false })).status, 204)
  const form = {
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: 'x',
    scope: `${graphAppId}/.default`,
  }
  assert.deepEqual((await bodyOf(stage.post(new URLSearchParams(form).toString()))).error_codes, [7000112])
  assert.equal((await stage.call('DELETE', path)).status, 204)
  assert.deepEqual((await bodyOf(stage.post(new URLSearchParams(form).toString()))).error_codes, [7000229])
})

test('a multi-tenant app of another tenant gets a principal here, a single-tenant one does not', async () => {
  const guest = stage.control.addApp({ name: 'guest', tenantId: otherTenantId, multiTenant: true })
  const created = await stage.call('POST', '/servicePrincipals', { appId: guest.appId })
  assert.deepEqual([created.status, created.body.appOwnerOrganizationId], [201, otherTenantId])
  const again = await stage.call('POST', '/servicePrincipals', { appId: guest.appId })
  assert.deepEqual([again.status, again.body.error.code], [409, 'Request_MultipleObjectsWithSameKeyValue'])
  const single = stage.control.addApp({ name: 'single', tenantId: otherTenantId })
  const { status, body } = await stage.call('POST', '/servicePrincipals', { appId: single.appId })
  assert.equal(status, 400)
  assert.match(body.error.message, /does not reference a valid application object/)
})

test('one tenant does not see the other’s', async () => {
  const far = stage.control.addApp({ name: 'far', tenantId: otherTenantId })
  assert.equal((await get(`/applications/${far.objectId}`)).status, 404)
  const { body } = await get(`/organization`)
  assert.deepEqual(
    body.value.map(({ id }: { id: string }) => id),
    [tenantId],
  )
})

test('an object and all of them together have a largest size; what is refused changes nothing', async () => {
  const { objectId } = stage.control.addApp({ name: 'large' })
  const path = `/applications/${objectId}`
  const notes = 'n'.repeat(500_000)
  assert.equal((await stage.call('PATCH', path, { notes })).status, 204)
  const refused = await stage.call('PATCH', path, { description: notes, displayName: 'larger' })
  assert.deepEqual([refused.status, refused.body.error.code], [403, 'Directory_ResourceSizeExceeded'])
  const { body } = await get(path)
  assert.deepEqual([body.displayName, body.description, body.notes], ['large', null, notes])

  const before = (await get('/applications/$count')).body
  const made: string[] = []
  const create = (displayName: string) => stage.call('POST', '/applications', { displayName, notes })
  let last = await create('0')
  while (last.status === 201) last = await create(`${made.push(last.body.id)}`)
  assert.deepEqual([last.status, last.body.error.code], [403, 'Directory_QuotaExceeded'])
  assert.ok(made.length > 20)
  assert.equal((await get('/applications/$count')).body, before + made.length)
  assert.throws(
    () => stage.control.addApp({ name: 'too much', manifest: { notes } }),
    /^DefinitionError: directory: all of it would be larger than 16777216 bytes$/,
  )
  for (const id of made) assert.equal((await stage.call('DELETE', `/applications/${id}`)).status, 204)
  stage.control.addApp({ name: 'fits again', manifest: { notes } })
})

test('an app whose roles make it too large is not there at all', () => {
  const grants = Array.from({ length: 9 }, (_, n) => ({
    resourceAppId: graphAppId,
    role: `${n}${'r'.repeat(65_000)}`,
  }))
  const name = 'too many roles'
  assert.throws(() => stage.control.addApp({ name, grants }), /the object would be larger than 524288 bytes/)
  assert.ok(!JSON.stringify(stage.control.exportSeed()).includes(name))
})
