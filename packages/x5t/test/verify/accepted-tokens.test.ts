import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose'
import { TokenValidationError } from '../../src/errors.ts'
import { checkNames, createVerifier, type EntraOptions } from '../../src/verify/index.ts'
import {
  apiId,
  clientId,
  entraFetch,
  issuers,
  newKey,
  noon,
  origin,
  sign,
  tenant,
  v1Claims,
  v2Claims,
} from './issuer.ts'

const key = newKey('key-1', {
  issuer: `${origin}/{tenantid}/v2.0`,
  cloud_instance_name: 'microsoftonline.com',
})
const otherTenant = '22222222-2222-3333-4444-555555555555'

function verifierWith(options: Partial<EntraOptions> = {}) {
  const { fetch, fetched } = entraFetch(() => [key.jwk])
  const common = { audience: apiId, roles: ['Cars.Read'], fetch, now: () => noon }
  // Tests replace the tenant by another choice.
  const verifier = createVerifier({ tenant, ...common, ...options } as EntraOptions)
  return { verifier, fetched }
}

test('a v2 token is checked with the v2 keys, a v1 token with the v1 keys, once each', async () => {
  const { verifier, fetched } = verifierWith({ audience: [apiId, 'api://cars'] })
  await verifier.verify(sign(key, v2Claims()))
  await verifier.verify(sign(key, v1Claims()))
  await verifier.verify(sign(key, v1Claims({ exp: noon / 1_000 + 60 })))
  assert.deepEqual(fetched, [
    `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    `${origin}/${tenant}/discovery/v2.0/keys`,
    `${origin}/${tenant}/.well-known/openid-configuration`,
    `${origin}/${tenant}/discovery/keys`,
  ])
})

test('the result says which checks were made, in their order', async () => {
  const { verifier } = verifierWith({ clients: [clientId.toUpperCase()], requireCertificate: true })
  const { header, claims, checks } = await verifier.verify(sign(key, v2Claims()))
  assert.equal(header.kid, 'key-1')
  assert.equal(claims.azp, clientId)
  assert.deepEqual(
    checks,
    checkNames.filter((name) => name !== 'claims'),
  )
})

const accepted: Record<string, [claims: Record<string, unknown>, options?: Partial<EntraOptions>]> = {
  'the app id where its URI was named': [v2Claims(), { audience: `api://${apiId}` }],
  'the app id in capitals in the options': [v2Claims(), { audience: apiId.toUpperCase() }],
  'a v1 token for the app id': [v1Claims({ aud: apiId })],
  'a v1 token for the app id where its URI was named': [
    v1Claims({ aud: apiId }),
    { audience: `api://${apiId}` },
  ],
  'a v1 token for the app id as URI': [v1Claims({ aud: `api://${apiId}` })],
  'a list of audiences with ours in it': [v2Claims({ aud: ['other', apiId] })],
  'one role of two': [v2Claims({ roles: ['Else', 'Cars.Read'] })],
  'no role, where the client is named': [
    v2Claims({ roles: undefined }),
    { roles: undefined, clients: [clientId] },
  ],
  'no role, where any client may call': [
    v2Claims({ roles: undefined }),
    { roles: undefined, clients: 'any' },
  ],
  'idtyp app, without oid': [v2Claims({ idtyp: 'app', oid: undefined, sub: undefined })],
  'an end within the tolerance': [v2Claims({ exp: noon / 1_000 - 299 })],
  'a start within the tolerance': [v2Claims({ nbf: noon / 1_000 + 300, iat: noon / 1_000 + 300 })],
  'neither nbf nor iat': [v2Claims({ nbf: undefined, iat: undefined })],
  'a fraction of a second': [v2Claims({ exp: noon / 1_000 + 0.5 }), { clockToleranceSeconds: 0 }],
}

for (const [what, [claims, options]] of Object.entries(accepted)) {
  test(`a token is accepted with ${what}`, async () => {
    await verifierWith({ audience: [apiId, 'api://cars'], ...options }).verifier.verify(sign(key, claims))
  })
}

for (const typ of [undefined, 'jwt', 'at+jwt', 'application/at+jwt']) {
  test(`a token of type ${typ} is accepted`, async () => {
    await verifierWith().verifier.verify(sign(key, v2Claims(), { typ }))
  })
}

test('a version that is not wanted is refused, in both directions', async () => {
  const refused = { code: 'ERR_TOKEN_VERSION' }
  await assert.rejects(verifierWith({ version: '2.0' }).verifier.verify(sign(key, v1Claims())), refused)
  await assert.rejects(verifierWith({ version: '1.0' }).verifier.verify(sign(key, v2Claims())), refused)
})

test('a client that is not named is refused, whatever its roles', async () => {
  const { verifier } = verifierWith({ clients: [otherTenant] })
  await assert.rejects(verifier.verify(sign(key, v2Claims())), { code: 'ERR_TOKEN_CLIENT' })
})

test('of several tenants each has its own keys, and no other tenant is let in', async () => {
  const { verifier, fetched } = verifierWith({ tenant: undefined, tenants: [tenant, otherTenant] })
  const claims = v2Claims({ tid: otherTenant, iss: issuers['2.0'].replace(tenant, otherTenant) })
  await verifier.verify(sign(key, claims))
  assert.ok(fetched.every((url) => url.includes(otherTenant)))
  const third = JSON.parse(JSON.stringify(claims).replaceAll(otherTenant, apiId))
  await assert.rejects(verifier.verify(sign(key, third)), { code: 'ERR_TOKEN_ISSUER' })
})

test('anyTenant fills the tenant of the token into the issuer of the metadata, and compares exactly', async () => {
  const { verifier, fetched } = verifierWith({ tenant: undefined, anyTenant: true })
  const of = (tid: string, iss = issuers['2.0'].replace(tenant, tid)) => sign(key, v2Claims({ tid, iss }))
  await verifier.verify(of(tenant))
  await verifier.verify(of(otherTenant))
  await assert.rejects(verifier.verify(of(otherTenant, issuers['2.0'])), { code: 'ERR_TOKEN_ISSUER' })
  await assert.rejects(verifier.verify(of('{tenantid}')), { code: 'ERR_TOKEN_MALFORMED' })
  assert.ok(fetched.every((url) => url.startsWith(`${origin}/common/`)))
})

test('jose finds the tokens good that are accepted here, and signs some', async () => {
  const keySet = createLocalJWKSet({ keys: [key.jwk] } as JSONWebKeySet) // node:crypto types kty as optional
  const expected = {
    issuer: issuers['2.0'],
    audience: apiId,
    currentDate: new Date(noon),
    algorithms: ['RS256'],
  }
  const signed = await new SignJWT(v2Claims())
    .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
    .sign(key.privateKey)
  for (const token of [sign(key, v2Claims()), signed]) {
    const { payload } = await jwtVerify(token, keySet, expected)
    assert.deepEqual((await verifierWith().verifier.verify(token)).claims, payload)
  }
})

test('no single flipped bit is accepted, whichever it is', async () => {
  const { verifier } = verifierWith()
  const token = Buffer.from(sign(key, v2Claims()))
  for (let bit = 0; bit < token.length * 8; bit++) {
    const flipped = Buffer.from(token)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    const verdict = await verifier.verify(flipped.toString('latin1')).catch((error: unknown) => error)
    assert.ok(verdict instanceof TokenValidationError, `bit ${bit}`)
  }
})

test('no single flipped bit is accepted in tokens with any claims besides', async () => {
  const { verifier } = verifierWith()
  const names = fc.string().map((name) => `x-${name}`)
  const more = fc.dictionary(names, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 })
  await fc.assert(
    fc.asyncProperty(more, fc.nat(), async (others, at) => {
      const claims = { ...v2Claims(), ...others }
      const token = sign(key, claims)
      await verifier.verify(token)
      const bit = at % (token.length * 8)
      const flipped = Buffer.from(token)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      await assert.rejects(verifier.verify(flipped.toString('latin1')), { name: 'TokenValidationError' })
    }),
    { numRuns: 200 },
  )
})

test('no input makes verify fail in another way than by its refusal', async () => {
  const { verifier } = verifierWith()
  const [header, payload, signature] = sign(key, v2Claims()).split('.')
  const part = fc.oneof(fc.constantFrom(header, payload, signature), fc.string(), fc.base64String())
  const input = fc.oneof(
    fc.anything(),
    fc.array(part, { maxLength: 4 }).map((parts) => parts.join('.')),
  )
  await fc.assert(
    fc.asyncProperty(input, async (value) => {
      fc.pre(value !== [header, payload, signature].join('.'))
      // Whatever a program in JavaScript could pass.
      await assert.rejects(verifier.verify(value as string), { name: 'TokenValidationError' })
    }),
  )
})
