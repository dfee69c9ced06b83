import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { exportSeed } from '../../src/directory/export.ts'
import { plant } from '../../src/directory/seed.ts'
import { createGraphStage, derBase64, type GraphStage, graphAppId } from '../support/graph.ts'
import { otherTenantId } from '../support/stage.ts'

let stage: GraphStage
before(async () => {
  stage = await createGraphStage()
})

const names = [
  'applications',
  'servicePrincipals',
  'keyCredentials',
  'addKey',
  'owners',
  '$ref',
  '$count',
  'policies',
]
const members = [
  'displayName',
  'keyCredentials',
  'passwordCredential',
  'appRoles',
  'api',
  'tags',
  'keyId',
  'proof',
  'appId',
]
test('whatever comes with a good token is answered, and never with 500', async () => {
  const { appId, objectId } = stage.client
  const segment = fc.oneof(
    fc.constantFrom(
      ...names,
      objectId,
      `applications(appId='${appId}')`,
      'defaultAppManagementPolicy',
      'appManagementPolicies',
    ),
    // Two points would lead out of Graph.
    fc
      .string()
      .filter((text) => text !== '..')
      .map(encodeURIComponent),
  )
  const query = fc.dictionary(
    fc.constantFrom('$filter', '$select', '$top', '$skiptoken', '$count', '$orderby'),
    fc.string(),
  )
  const body = fc.oneof(
    fc.dictionary(fc.oneof(fc.constantFrom(...members), fc.string()), fc.jsonValue()),
    fc.string(),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE'),
      fc.array(segment, { maxLength: 4 }),
      query,
      body,
      async (method, segments, parameters, given) => {
        const path = `/${segments.join('/')}?${new URLSearchParams(parameters)}`
        const { status, body: answer } = await stage.call(method, path, method === 'GET' ? undefined : given)
        assert.ok(status < 500, `${method} ${path} ${JSON.stringify(given)}: ${status}`)
        if (status >= 400) assert.deepEqual(Object.keys(answer.error), ['code', 'message', 'innerError'])
      },
    ),
    { numRuns: 150 },
  )
})

test('whatever Graph takes, an export of it can be planted again', async () => {
  const { objectId } = stage.control.addApp({ name: 'changed' })
  const key = fc.record(
    {
      type: fc.constant('AsymmetricX509Cert'),
      usage: fc.constant('Verify'),
      key: fc.constant(derBase64(stage.certificate)),
      displayName: fc.oneof(fc.string(), fc.constant(null)),
      customKeyIdentifier: fc.base64String({ maxLength: 40 }),
    },
    { requiredKeys: ['type', 'usage', 'key'] },
  )
  const role = fc.record({ value: fc.string(), displayName: fc.string(), description: fc.string() })
  const body = fc.record(
    {
      displayName: fc.string({ minLength: 1 }),
      identifierUris: fc.array(
        fc.string().map((text) => `api://${encodeURIComponent(text)}`),
        { maxLength: 3 },
      ),
      signInAudience: fc.constantFrom('AzureADMyOrg', 'AzureADMultipleOrgs'),
      api: fc.dictionary(fc.constantFrom('requestedAccessTokenVersion', 'x'), fc.constantFrom(1, 2, null)),
      appRoles: fc.array(role, { maxLength: 2 }),
      keyCredentials: fc.array(key, { maxLength: 1 }),
      optionalClaims: fc.jsonValue(),
      tags: fc.jsonValue(),
      web: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  const secret = fc.record({ displayName: fc.string() }, { requiredKeys: [] })
  let taken = 0
  await fc.assert(
    fc.asyncProperty(body, secret, async (changes, passwordCredential) => {
      const path = `/applications/${objectId}`
      if ((await stage.call('PATCH', path, changes)).status === 204) taken += 1
      await stage.call('POST', `${path}/addPassword`, { passwordCredential })
      const exported = JSON.stringify(exportSeed(stage.directory))
      assert.equal(JSON.stringify(exportSeed(plant(JSON.parse(exported), () => 0))), exported)
    }),
    { numRuns: 15 },
  )
  assert.ok(taken > 0)
})

test('after any changes in any order, an export can be planted again', async () => {
  const started = stage.control.exportSeed()
  const nat = fc.nat(5)
  const step = fc.oneof(
    fc.record({ what: fc.constant('create' as const), uri: nat, role: nat }),
    fc.record({ what: fc.constant('guest' as const), uri: nat }),
    fc.record({ what: fc.constant('principal' as const), app: nat }),
    fc.record({ what: fc.constant('roles' as const), app: nat, role: nat, sameId: fc.boolean() }),
    fc.record({ what: fc.constant('uris' as const), app: nat, uri: nat }),
    fc.record({ what: fc.constant('audience' as const), app: nat, multi: fc.boolean() }),
    fc.record({ what: fc.constant('grant' as const), app: nat, to: nat }),
    fc.record({ what: fc.constant('delete' as const), app: nat }),
    fc.record({ what: fc.constant('deletePrincipal' as const), app: nat }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      stage.control.importSeed(started)
      for (const one of steps) await take(one)
      const exported = JSON.stringify(exportSeed(stage.directory))
      assert.equal(JSON.stringify(exportSeed(plant(JSON.parse(exported), () => 0))), exported)
    }),
    { numRuns: 25 },
  )
})

interface Step {
  readonly what: string
  readonly app?: number
  readonly to?: number
  readonly uri?: number
  readonly role?: number
  readonly sameId?: boolean
  readonly multi?: boolean
}

async function take({ what, app = 0, to = 0, uri = 0, role = 0, sameId = true, multi = false }: Step) {
  const ids = stage.directory
    .tenants()
    .flatMap((tenant) => stage.directory.applicationsOf(tenant))
    .map(({ appId }) => appId)
    // Not the one who asks.
    .filter((appId) => appId !== stage.admin.appId)
  const appId = ids[app % ids.length] ?? graphAppId
  const identifierUris = [`api://${uri}`]
  const id = sameId ? '3b4e28ba-2fa1-41d2-883f-0016d3cca427' : undefined
  const appRoles = [{ value: `R${role}`, displayName: 'r', description: 'd', id }]
  const path = `/applications(appId='${appId}')`
  const principalPath = `/servicePrincipals(appId='${appId}')`
  switch (what) {
    case 'create':
      return stage.call('POST', '/applications', { displayName: 'made', identifierUris, appRoles })
    case 'principal':
      return stage.call('POST', '/servicePrincipals', { appId })
    case 'roles':
      return stage.call('PATCH', path, { appRoles })
    case 'uris':
      return stage.call('PATCH', path, { identifierUris })
    case 'delete':
      return stage.call('DELETE', path)
    case 'deletePrincipal':
      return stage.call('DELETE', principalPath)
    case 'guest':
      try {
        stage.control.addApp({ name: 'guest', tenantId: otherTenantId, multiTenant: true, identifierUris })
      } catch (error) {
        assert.match(String(error), /belongs to another app/)
      }
      return
    case 'audience': {
      const [home] = stage.directory.registrations(appId)
      const tenant = stage.directory.findTenant(home?.homeTenantId ?? '')
      if (home && tenant) stage.directory.updateApplication(tenant, home, { multiTenant: multi }, '')
      return
    }
    case 'grant': {
      const { body: resource } = await stage.call('GET', principalPath)
      const { body: client } = await stage.call('GET', `/servicePrincipals(appId='${ids[to % ids.length]}')`)
      for (const { id: appRoleId } of resource.appRoles ?? [])
        await stage.call('POST', `/servicePrincipals/${resource.id}/appRoleAssignedTo`, {
          principalId: client.id,
          resourceId: resource.id,
          appRoleId,
        })
    }
  }
}
