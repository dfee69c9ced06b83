import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVerifier, type VerifierOptions } from '../../src/verify/index.ts'
import { apiId, clientId, tenant } from './issuer.ts'

const good = { tenant, audience: apiId, roles: ['Cars.Read'] }
const issuer = { issuer: 'https://issuer.example', audience: 'cars', clients: 'any' }

const wrong: Record<string, unknown> = {
  'neither roles nor clients': { tenant, audience: apiId },
  'roles that are undefined': { ...good, roles: undefined },
  'an empty list of roles': { ...good, roles: [] },
  'an empty list of roles beside clients': { ...good, roles: [], clients: 'any' },
  'roles as text': { ...good, roles: 'Cars.Read' },
  'an empty role': { ...good, roles: [''] },
  'an empty list of clients': { ...good, clients: [] },
  'clients in a word that means nothing': { ...good, clients: 'all' },
  'any in a list of clients': { ...good, clients: ['any'] },
  'no audience': { ...good, audience: undefined },
  'an empty audience': { ...good, audience: '' },
  'an empty list of audiences': { ...good, audience: [] },
  'no app id as audience, for v2 tokens alone': { ...good, audience: 'api://cars', version: '2.0' },
  'no tenant': { ...good, tenant: undefined },
  'two choices of tenant': { ...good, anyTenant: true },
  'anyTenant in a word': { ...good, tenant: undefined, anyTenant: 'yes' },
  'tenants that are no GUIDs': { ...good, tenant: undefined, tenants: ['contoso.onmicrosoft.com'] },
  'AD FS as a tenant': { ...good, tenant: 'adfs' },
  'a tenant and an issuer': { ...good, issuer: 'https://issuer.example' },
  'a misspelled option': { ...good, requireCertficate: true },
  'a flag in a word': { ...good, requireCertificate: 'true' },
  'an unknown version': { ...good, version: '3.0' },
  'a tolerance below zero': { ...good, clockToleranceSeconds: -1 },
  'a tolerance without end': { ...good, clockToleranceSeconds: Number.POSITIVE_INFINITY },
  'a tolerance as text': { ...good, clockToleranceSeconds: '300' },
  'a memory below zero': { ...good, rememberTokens: -1 },
  'a memory of half a token': { ...good, rememberTokens: 0.5 },
  'a memory larger than any': { ...good, rememberTokens: 1e12 },
  'required claims in a list': { ...good, requiredClaims: ['xms_cc'] },
  'required claims that are none': { ...good, requiredClaims: {} },
  'a required claim of an unknown kind': { ...good, requiredClaims: { acrs: { vales: ['c1'] } } },
  'an issuer and what only Entra knows': { ...issuer, requireCertificate: true },
  'an issuer with keys and metadata': {
    ...issuer,
    jwksUri: 'https://issuer.example/keys',
    metadataUrl: 'https://issuer.example/metadata',
  },
  'an issuer with a path for keys': { ...issuer, jwksUri: '/keys' },
}

for (const [what, options] of Object.entries(wrong)) {
  test(`createVerifier with ${what} is a TypeError`, () => {
    // The table holds what the types refuse, or a program in JavaScript could pass.
    assert.throws(() => createVerifier(options as VerifierOptions), { name: 'TypeError' })
  })
}

test('a misspelled option is named', () => {
  const options = { ...good, requireCertficate: true } as VerifierOptions // what the types refuse
  assert.throws(() => createVerifier(options), /^TypeError: requireCertficate is not an option here$/)
})

const impossible: Record<string, unknown> = {
  'common as tenant': { ...good, tenant: 'common' },
  'a path as tenant': { ...good, tenant: '../other' },
  'plain http': { ...good, authority: 'http://login.example' },
  'a path in the authority': { ...good, authority: 'https://login.example/tenant' },
  'keys over plain http': { ...issuer, jwksUri: 'http://issuer.example/keys' },
  'metadata over plain http': { ...issuer, issuer: 'http://issuer.example' },
  'an issuer that is no address, and no keys': { ...issuer, issuer: 'issuer' },
}

for (const [what, options] of Object.entries(impossible)) {
  test(`createVerifier with ${what} is a ConfigurationError`, () => {
    // As above.
    assert.throws(() => createVerifier(options as VerifierOptions), { name: 'ConfigurationError' })
  })
}

test('the types refuse what createVerifier would, as far as types can', () => {
  const calls = [
    // @ts-expect-error two choices of tenant
    () => createVerifier({ ...good, anyTenant: true }),
    // @ts-expect-error no choice of tenant
    () => createVerifier({ audience: apiId, roles: ['Cars.Read'] }),
    // @ts-expect-error what only Entra knows
    () => createVerifier({ ...issuer, clients: 'any', requireCertificate: true }),
  ]
  for (const call of calls) assert.throws(call, TypeError)
  createVerifier({ tenant, audience: apiId, clients: [clientId] })
})
