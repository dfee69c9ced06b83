import assert from 'node:assert/strict'
import { test } from 'node:test'
import { demo, demoSeed } from '../../src/directory/demo.ts'
import { plant } from '../../src/directory/seed.ts'
import { certify } from '../support/stage.ts'

const id = 'd1f1c2ab-3d7c-4b0f-8f0a-52b7a9e0c1de'
const other = '5d2cf5b0-7c39-4b7e-9f0e-3a1c9d1e6b42'
const now = () => 0
const certificate = await certify()

test('the demo seed plants a tenant, a client and an API on which it has a role', () => {
  const directory = plant(demoSeed, now)
  const tenant = directory.findTenant('CONTOSO.onmicrosoft.com')
  assert.ok(tenant)
  const roles = directory.findPrincipal(tenant, demo.appId)?.roles
  assert.deepEqual([...(roles?.get(demo.carsAppId) ?? [])], ['Cars.Read'])
  assert.equal(directory.findResource(tenant, `api://${demo.carsAppId}/`)?.application.name, 'cars')
})

test('a seed is plain JSON: null stands for what is left out', () => {
  const seed = { tenants: [{ id, domains: null, apps: [{ name: 'a', appId: other, secrets: null }] }] }
  assert.deepEqual(plant(JSON.parse(JSON.stringify(seed)), now).registrations(other)[0]?.secrets, [])
})

test('a seed takes GUIDs in capitals and certificates as PEM', () => {
  const apps = [{ name: 'a', appId: other.toUpperCase(), certificates: [certificate] }]
  const [tenant] = plant({ tenants: [{ id: id.toUpperCase(), apps }] }, now).tenants()
  assert.equal(tenant?.id, id)
  assert.equal(tenant.displayName, id)
})

const app = (members: object) => ({ tenants: [{ id, apps: [{ name: 'a', ...members }] }] })
const wrong: readonly [seed: unknown, message: string][] = [
  [[], 'seed: expected an object'],
  [{}, 'seed: tenants: expected a list'],
  [{ tenants: [] }, 'seed: tenants: expected at least one tenant'],
  [{ tenants: [{ id: 'x' }] }, 'seed: tenants[0].id: expected a GUID'],
  [{ tenants: [{ id, colour: 'red' }] }, 'seed: tenants[0]: has no member "colour"'],
  [{ tenants: [{ id, toString: 1 }] }, 'seed: tenants[0]: has no member "toString"'],
  [
    JSON.parse(`{ "tenants": [{ "id": "${id}", "__proto__": {} }] }`),
    'seed: tenants[0]: has no member "__proto__"',
  ],
  [
    { tenants: [{ id, domains: ['not a domain'] }] },
    'seed: tenants[0].domains[0]: expected a domain such as contoso.onmicrosoft.com',
  ],
  [{ tenants: [{ id }, { id }] }, `seed: tenants[1]: ${id} names another tenant already`],
  [{ tenants: [{ id, apps: [{ name: '' }] }] }, 'seed: tenants[0].apps[0].name: expected a non-empty string'],
  [
    app({ certificates: [certificate, 'nonsense'] }),
    'seed: tenants[0].apps[0].certificates[1]: not a certificate',
  ],
  [app({ accessTokenVersion: 3 }), 'seed: tenants[0].apps[0].accessTokenVersion: expected 1 or 2'],
  [app({ disabled: 'no' }), 'seed: tenants[0].apps[0].disabled: expected true or false'],
  [
    app({ secrets: [{ value: 's', endDateTime: 'soon' }] }),
    'seed: tenants[0].apps[0].secrets[0].endDateTime: expected a date such as 2030-01-31T12:00:00Z',
  ],
  [
    app({ grants: [{ resourceAppId: other, role: 'R' }] }),
    `seed: tenants[0].apps[0].grants[0].resourceAppId: no app ${other} in the tenant`,
  ],
  [
    app({ appId: '00000003-0000-0000-c000-000000000000' }),
    'seed: tenants[0].apps[0].appId: 00000003-0000-0000-c000-000000000000 is registered already',
  ],
  [
    app({ identifierUris: ['https://graph.microsoft.com/'] }),
    'seed: tenants[0].apps[0].identifierUris[0]: https://graph.microsoft.com/ belongs to another app',
  ],
]
for (const [seed, message] of wrong) {
  test(`a wrong seed is refused: ${message}`, () => {
    assert.throws(() => plant(seed, now), { name: 'DefinitionError', message })
  })
}
