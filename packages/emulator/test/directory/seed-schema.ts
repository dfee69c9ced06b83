import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { demoSeed } from '../../src/directory/demo.ts'
import { exportSeed } from '../../src/directory/export.ts'
import type { ReadApp } from '../../src/directory/new-app.ts'
import { plant, type ReadPrincipal, type ReadTenant, readSeed } from '../../src/directory/seed.ts'
import { certify } from '../support/stage.ts'

const schema = JSON.parse(readFileSync('docs/schemas/emulator-seed.schema.json', 'utf8'))
const matches = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema)

const certificate = (await certify()).replace(/-----[A-Z ]+-----|\n/g, '')
const guid = '0b5e7a3c-9d2f-4e61-8c47-1f3a5b7d9e20'
const date = '2026-09-14T08:12:31Z'
const credentials = {
  certificates: [
    certificate,
    {
      certificate,
      keyId: guid,
      displayName: 'CN=one',
      customKeyIdentifier: 'AAAA',
      startDateTime: date,
      endDateTime: '2026-10-01',
      registeredAt: date,
    },
  ],
  secrets: [
    's3cret',
    { value: 's', keyId: guid, displayName: 'd', hint: 'h', startDateTime: date, endDateTime: date },
    { sha256: 'a'.repeat(64) },
  ],
}
const switches = { disabled: true, assignmentRequired: true, blockedByConditionalAccess: true }
const rest = {
  grants: [{ resourceAppId: guid, role: 'R' }],
  owners: [guid],
  createdDateTime: date,
  manifest: { tags: ['a'] },
}
const restrictions = {
  passwordCredentials: [{ restrictionType: 'passwordLifetime', maxLifetime: 'P1Y' }],
  keyCredentials: [
    {
      restrictionType: 'asymmetricKeyLifetime',
      state: 'enabled',
      maxLifetime: 'P90D',
      restrictForAppsCreatedAfterDateTime: date,
    },
  ],
}

// Every member that the reader knows, or this does not compile.
const app: Record<keyof ReadApp, unknown> = {
  name: 'app',
  appId: guid,
  objectId: guid,
  servicePrincipalId: guid,
  withoutServicePrincipal: false,
  identifierUris: ['api://app'],
  accessTokenVersion: 2,
  appRoles: ['R', { value: 'W', id: guid, displayName: 'd', description: 'd', isEnabled: false }],
  optionalClaims: ['idtyp', 'xms_cc'],
  multiTenant: true,
  publicClient: true,
  trustedSubjects: [{ subjectName: 'app', authority: certificate }],
  ...credentials,
  ...switches,
  ...rest,
}
const principal: Record<keyof ReadPrincipal, unknown> = {
  appId: guid,
  id: guid,
  ...credentials,
  ...switches,
  ...rest,
}
const tenant: Record<keyof ReadTenant, unknown> = {
  id: guid,
  domains: ['contoso.com'],
  displayName: 'Contoso',
  region: 'EU',
  createdDateTime: date,
  appManagementPolicy: {
    isEnabled: true,
    applicationRestrictions: restrictions,
    servicePrincipalRestrictions: restrictions,
  },
  assignedPolicies: [
    { id: guid, displayName: 'p', description: 'd', isEnabled: true, restrictions, appliesTo: [guid] },
  ],
  apps: [app],
  servicePrincipals: [principal],
}
const whole: Record<keyof ReturnType<typeof readSeed>, unknown> = {
  $schema: 'x',
  version: 1,
  tenants: [tenant],
}

test('the published schema takes the demo seed, an export, and a seed with every member', () => {
  for (const seed of [demoSeed, exportSeed(plant(demoSeed, () => 0)), whole]) {
    const json = JSON.parse(JSON.stringify(seed))
    assert.ok(matches(json), JSON.stringify(matches.errors))
    readSeed(json, 'seed:')
  }
})

test('the schema knows no member that the reader does not', () => {
  const rows: readonly [definition: string, sample: object][] = [
    ['app', app],
    ['servicePrincipal', principal],
    ['tenant', tenant],
  ]
  for (const [definition, sample] of rows)
    assert.deepEqual(Object.keys(schema.$defs[definition].properties).sort(), Object.keys(sample).sort())
  assert.deepEqual(Object.keys(schema.properties).sort(), Object.keys(whole).sort())
})

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** The seed with one thing changed: every value replaced by others, left out, or given a member too much. */
function* changed(value: Json, at = 'seed'): Generator<readonly [what: string, value: Json]> {
  for (const other of [null, true, 7, 2, 'x', '', [], {}, 'a'.repeat(65_537)] as Json[])
    yield [`${at} = ${JSON.stringify(other).slice(0, 20)}`, other]
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries())
      for (const [what, other] of changed(one, `${at}[${index}]`)) yield [what, value.with(index, other)]
  } else if (typeof value === 'object' && value !== null) {
    yield [`${at}.colour`, { ...value, colour: 'red' }]
    for (const [name, one] of Object.entries(value)) {
      const { [name]: _, ...others } = value
      yield [`${at} without ${name}`, others]
      if (name === 'manifest') continue
      for (const [what, other] of changed(one, `${at}.${name}`)) yield [what, { ...value, [name]: other }]
    }
  }
}

/** What a schema cannot say. */
const beyond = /not a certificate|expected one of value and sha256|expected a duration|expected a date/

/** Small ones, for each certificate in a seed is read anew for each change. */
const seeds = [
  { ...whole, tenants: [{ ...tenant, apps: [], servicePrincipals: [] }] },
  { tenants: [{ id: guid, apps: [{ ...app, certificates: [], trustedSubjects: [] }] }] },
  { tenants: [{ id: guid, apps: [{ name: 'a', ...credentials, trustedSubjects: app.trustedSubjects }] }] },
  { tenants: [{ id: guid, servicePrincipals: [{ ...principal, certificates: [] }] }] },
]

test('reader and schema agree on every seed that differs from a good one in one place', () => {
  let count = 0
  for (const [what, seed] of seeds.flatMap((one) => [...changed(JSON.parse(JSON.stringify(one)))])) {
    count += 1
    const taken = matches(seed)
    try {
      readSeed(seed, 'seed:')
      assert.ok(taken, `${what}: read, but the schema says ${JSON.stringify(matches.errors)}`)
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error
      assert.ok(error instanceof Error && error.name === 'DefinitionError', what)
      assert.ok(
        !taken || beyond.test(error.message),
        `${what}: the schema takes it, the reader says ${error.message}`,
      )
    }
  }
  assert.ok(count > 800, String(count))
})
