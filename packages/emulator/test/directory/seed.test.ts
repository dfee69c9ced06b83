import assert from 'node:assert/strict'
import { test } from 'node:test'
import { demoSeed } from '../../src/directory/demo.ts'
import { createDirectory } from '../../src/directory/directory.ts'
import { plant } from '../../src/directory/seed.ts'

const id = '11111111-2222-3333-4444-555555555555'
const seedOf = (app: object) => ({ tenants: [{ id, apps: [{ appId: id, name: 'a', ...app }] }] })

test('the demo seed plants a tenant, an app and an API on which it has a role', () => {
  const directory = createDirectory()
  plant(demoSeed, directory)
  assert.ok(directory.findTenant('CONTOSO.onmicrosoft.com'))
  assert.deepEqual(
    directory.apps.find(({ name }) => name === 'demo-daemon')?.grants.map(({ role }) => role),
    ['Cars.Read'],
  )
})

const wrong: [unknown, RegExp][] = [
  [[], /^TypeError: seed: must be an object/],
  [{}, /^TypeError: seed\.tenants: must be present/],
  [{ tenants: [] }, /seed\.tenants: must have at least 1/],
  [{ tenants: [{ id: 'x' }] }, /seed\.tenants\[0\]\.id: must be a GUID/],
  [{ tenants: [{ id, colour: 'red' }] }, /seed\.tenants\[0\]\.colour: unknown/],
  [{ tenants: [{ id, toString: 1 }] }, /seed\.tenants\[0\]\.toString: unknown/],
  [
    seedOf({ certificates: ['nonsense'] }),
    /seed\.tenants\[0\]\.apps\[0\]\.certificates\[0\]: not a certificate/,
  ],
  [seedOf({ accessTokenVersion: 3 }), /apps\[0\]\.accessTokenVersion: must be 1 or 2/],
  [seedOf({ grants: [{ resourceAppId: id, role: 'R' }] }), /grants\[0\]: app .* has no role R/],
]
for (const [seed, message] of wrong) {
  test(`a seed is refused where it is wrong: ${message.source}`, () => {
    assert.throws(() => plant(seed as never, createDirectory()), message) // wrong on purpose
  })
}
