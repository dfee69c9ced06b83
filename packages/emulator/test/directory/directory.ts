import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createControl } from '../../src/directory/control.ts'
import { plant } from '../../src/directory/seed.ts'

const here = '8c5a3a1e-6c1f-4d0b-9a54-0f6c1d2b7e31'
const there = '5d2cf5b0-7c39-4b7e-9f0e-3a1c9d1e6b42'
const nowhere = '0b5e7a3c-9d2f-4e61-8c47-1f3a5b7d9e20'
const seed = { tenants: [{ id: here }, { id: there }] }

test('an app id in two tenants has its own roles in each, and changes name the tenant', () => {
  const directory = plant(seed, () => 0)
  const control = createControl(directory, seed, () => 0)
  const { appId } = control.addApp({ name: 'billing' })
  control.addApp({ name: 'billing', appId, tenantId: there })
  const api = control.addApp({ name: 'cars', tenantId: there, appRoles: ['Cars.Write'] })
  const grant = { clientAppId: appId, resourceAppId: api.appId, role: 'Cars.Write' }
  assert.throws(() => control.grantRole(grant), /^DefinitionError: tenantId: app .* is in 2 tenants/)
  control.grantRole({ ...grant, tenantId: there })

  const rolesIn = (name: string) => {
    const tenant = directory.findTenant(name)
    assert.ok(tenant)
    return [...(directory.findPrincipal(tenant, appId)?.roles.get(api.appId) ?? [])]
  }
  assert.deepEqual([rolesIn(here), rolesIn(there)], [[], ['Cars.Write']])
})

test('a change to what is not there is a RangeError', () => {
  const control = createControl(
    plant(seed, () => 0),
    seed,
    () => 0,
  )
  assert.throws(() => control.addApp({ name: 'a', tenantId: nowhere }), RangeError)
  assert.throws(() => control.removeCertificate({ appId: there, keyId: here }), RangeError)
})
