import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ErrorCode } from '../../src/errors.ts'
import { createVerifier } from '../../src/verify/index.ts'
import { apiId, entraFetch, issuers, newKey, noon, sign, tenant, v2Claims } from './issuer.ts'

/** The key that signs good tokens, and others of the same set that must not. */
export const keys = {
  good: newKey('key-1'),
  encryption: newKey('key-enc', { use: 'enc' }),
  pss: newKey('key-pss', { alg: 'PS256' }),
  foreign: newKey('key-foreign', { issuer: issuers['2.0'].replace(tenant, apiId) }),
}

export type Case = readonly [what: string, token: unknown, code: ErrorCode, status: 401 | 403]

/** A token that the verifier of these tests accepts; every forged one differs from it in one thing. */
export const good = sign(keys.good, v2Claims())

/** Tests that each token is refused with this very code and status, and that the answer does not say why. */
export function testRefusals(cases: readonly Case[]): void {
  const { fetch } = entraFetch(() => Object.values(keys).map(({ jwk }) => jwk))
  const verifier = createVerifier({
    tenant,
    audience: [apiId, 'api://cars'],
    roles: ['Cars.Read', 'Cars.Write'],
    requireCertificate: true,
    fetch,
    now: () => noon,
  })

  test('the token that the forged ones were made from is accepted', async () => {
    const { claims } = await verifier.verify(good)
    assert.equal(claims.aud, apiId)
  })

  for (const [what, token, code, status] of cases) {
    test(`a token with ${what} is refused with ${code} and ${status}`, async () => {
      // The table holds what a program in JavaScript could pass.
      await assert.rejects(verifier.verify(token as string), { name: 'TokenValidationError', code })
      const { refusal } = await verifier.guard(`Bearer ${token}`)
      assert.equal(refusal?.status, status)
      assert.equal(refusal?.body.includes(code), false)
    })
  }
}

/** Good claims as text, with more before them. */
export function claimsText(before = ''): string {
  return `{${before}${JSON.stringify(v2Claims()).slice(1)}`
}
