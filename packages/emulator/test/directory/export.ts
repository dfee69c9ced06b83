import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createControl } from '../../src/directory/control.ts'
import { demoSeed } from '../../src/directory/demo.ts'
import type { ReadApp } from '../../src/directory/new-app.ts'
import { plant } from '../../src/directory/seed.ts'
import { certify } from '../support/stage.ts'

const here = '8c5a3a1e-6c1f-4d0b-9a54-0f6c1d2b7e31'
const there = '5d2cf5b0-7c39-4b7e-9f0e-3a1c9d1e6b42'
const owner = '0b5e7a3c-9d2f-4e61-8c47-1f3a5b7d9e20'
const graph = '00000003-0000-0000-c000-000000000000'
const certificate = await certify()
const at = Date.parse('2026-09-14T08:12:31Z')

/** One member or more of every kind that a directory can hold. */
const whole = {
  tenants: [
    {
      id: here,
      domains: ['contoso.onmicrosoft.com', 'contoso.com'],
      displayName: 'Contoso',
      region: 'EU',
      appManagementPolicy: {
        isEnabled: true,
        applicationRestrictions: {
          keyCredentials: [{ restrictionType: 'asymmetricKeyLifetime', maxLifetime: 'P90D' }],
        },
      },
      assignedPolicies: [
        {
          id: owner,
          displayName: 'free',
          restrictions: { passwordCredentials: [{ restrictionType: 'passwordAddition', state: 'disabled' }] },
          appliesTo: [owner],
        },
      ],
      apps: [
        {
          name: 'cars',
          appRoles: ['Cars.Read', { value: 'Cars.Write', displayName: 'Write cars', isEnabled: false }],
          accessTokenVersion: 2,
          identifierUris: ['api://cars', 'https://contoso.com/cars'],
          optionalClaims: ['idtyp'],
          assignmentRequired: true,
        },
        {
          name: 'billing',
          appId: owner,
          multiTenant: true,
          publicClient: false,
          secrets: ['one', { value: 'two', endDateTime: '2030-01-01T00:00:00Z', displayName: 'second' }],
          certificates: [
            certificate,
            {
              certificate,
              displayName: 'CN=other',
              customKeyIdentifier: 'AAAA',
              endDateTime: '2026-10-01T00:00:00Z',
              registeredAt: '2026-09-14T00:00:00Z',
            },
          ],
          trustedSubjects: [{ subjectName: 'billing', authority: certificate }],
          grants: [
            { resourceAppId: graph, role: 'Application.ReadWrite.OwnedBy' },
            { resourceAppId: graph, role: 'Application.Read.All' },
          ],
          owners: [owner],
          manifest: { tags: ['a'], web: { redirectUris: ['https://localhost'] } },
          disabled: true,
          blockedByConditionalAccess: true,
        },
        { name: 'alone', withoutServicePrincipal: true, publicClient: true },
      ],
      servicePrincipals: [{ appId: graph, assignmentRequired: true }],
    },
    {
      id: there,
      servicePrincipals: [
        {
          appId: owner,
          certificates: [certificate],
          secrets: ['three'],
          manifest: { tags: ['guest'] },
          grants: [{ resourceAppId: graph, role: 'Application.Read.All' }],
        },
      ],
    },
  ],
}

for (const [what, seed] of Object.entries({ whole, demoSeed })) {
  test(`what is exported from ${what} plants the same directory, ids and times and all`, () => {
    const exported = createControl(
      plant(seed, () => at),
      seed,
      () => at,
    ).exportSeed()
    const later = () => at + 86_400_000
    const json = JSON.parse(JSON.stringify(exported))
    const again = createControl(plant(json, later), seed, later)
    assert.deepEqual(again.exportSeed(), exported)
  })
}

test('every member of a seed comes back in an export, but for what says nothing', () => {
  const exported = createControl(
    plant(whole, () => at),
    whole,
    () => at,
  ).exportSeed()
  const [first, second] = JSON.parse(JSON.stringify(exported)).tenants
  const [given] = whole.tenants
  assert.ok(given?.apps)
  assert.deepEqual([first.domains, first.region], [given.domains, 'EU'])
  assert.equal(first.appManagementPolicy.applicationRestrictions.keyCredentials[0].maxLifetime, 'P90D')
  given.apps.forEach((app, index) => {
    const { secrets, certificates, trustedSubjects, publicClient, ...plain } = app
    for (const [name, value] of Object.entries(plain))
      assert.deepEqual(first.apps[index][name], value, `${app.name}: ${name}`)
    assert.equal(first.apps[index].secrets?.length, secrets?.length)
    assert.equal(first.apps[index].certificates?.length, certificates?.length)
  })
  assert.deepEqual(first.servicePrincipals, given.servicePrincipals)
  assert.deepEqual(second.servicePrincipals[0].manifest, { tags: ['guest'] })
  assert.deepEqual(second.servicePrincipals[0].grants, [
    { resourceAppId: graph, role: 'Application.Read.All' },
  ])
})

/** All that the reader of an app knows, or this does not compile. */
const members: Record<keyof ReadApp, true> = {
  name: true,
  appId: true,
  objectId: true,
  servicePrincipalId: true,
  identifierUris: true,
  accessTokenVersion: true,
  appRoles: true,
  optionalClaims: true,
  certificates: true,
  secrets: true,
  trustedSubjects: true,
  grants: true,
  withoutServicePrincipal: true,
  assignmentRequired: true,
  multiTenant: true,
  publicClient: true,
  disabled: true,
  blockedByConditionalAccess: true,
  createdDateTime: true,
  owners: true,
  manifest: true,
}

test('an export knows every member of an app that a seed can have', () => {
  const [tenant] = createControl(
    plant(whole, () => at),
    whole,
    () => at,
  ).exportSeed().tenants
  const written = new Set(tenant?.apps?.flatMap((app) => Object.keys(app)))
  assert.deepEqual(
    Object.keys(members).filter((name) => !written.has(name)),
    [],
  )
})

test('an export holds no secret', () => {
  const control = createControl(
    plant(demoSeed, () => at),
    demoSeed,
    () => at,
  )
  control.addApp({ name: 'a', secrets: ['correct horse battery staple'] })
  const text = JSON.stringify(control.exportSeed())
  assert.ok(!text.includes('correct horse'))
  assert.match(text, /"sha256":"[0-9a-f]{64}"/)
})

test('an import replaces everything, and a wrong one nothing', () => {
  const control = createControl(
    plant(demoSeed, () => at),
    demoSeed,
    () => at,
  )
  const before = control.exportSeed()
  assert.throws(() => control.importSeed({ tenants: [{ id: there }, { id: there }] }), {
    message: `import: tenants[1]: ${there} names another tenant already`,
  })
  assert.deepEqual(control.exportSeed(), before)
  control.importSeed({ tenants: [{ id: there }] })
  assert.deepEqual(
    control.exportSeed().tenants.map(({ id }) => id),
    [there],
  )
  control.reset()
  assert.deepEqual(
    control.exportSeed().tenants[0]?.apps?.map(({ appId }) => appId),
    before.tenants[0]?.apps?.map(({ appId }) => appId),
  )
})

test('a seed of a newer format says so', () => {
  assert.throws(() => plant({ version: 2, tenants: [] }, () => at), {
    message: 'seed: version: 2 is of a newer emulator; this one reads version 1',
  })
})
