import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { readKey } from '../../src/verify/verification-key.ts'
import { newKey } from './issuer.ts'

/** RFC 7515 appendix A.2: a JWS signed with RS256, and the public part of its key. */
const rfc7515 = {
  signingInput:
    'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ',
  signature:
    'cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw',
  jwk: {
    kty: 'RSA',
    kid: 'a.2',
    n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
    e: 'AQAB',
  },
}

/** RFC 7517 appendix A.1: a key set of an EC key for encryption and an RSA key for signatures. */
const rfc7517 = [
  {
    kty: 'EC',
    crv: 'P-256',
    x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
    y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
    use: 'enc',
    kid: '1',
  },
  {
    kty: 'RSA',
    n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
    e: 'AQAB',
    alg: 'RS256',
    kid: '2011-04-29',
  },
]

test('the signature of RFC 7515 appendix A.2 is good, and with any byte changed it is not', () => {
  const key = readKey(rfc7515.jwk)
  const signature = Buffer.from(rfc7515.signature, 'base64url')
  const digest = sha256(rfc7515.signingInput)
  assert.equal(key?.verifies(digest, signature), true)
  assert.equal(key?.verifies(sha256(`${rfc7515.signingInput}x`), signature), false)
  for (const at of signature.keys()) {
    const changed = Buffer.from(signature)
    changed[at] = (changed[at] ?? 0) ^ 1
    assert.equal(key?.verifies(digest, changed), false)
  }
})

test('of the key set of RFC 7517 appendix A.1 the RSA key is taken', () => {
  assert.deepEqual(
    rfc7517.map((jwk) => readKey(jwk)?.kid),
    [undefined, '2011-04-29'],
  )
})

const sha256 = (text: string) => hash('sha256', text, 'binary')

const { jwk } = newKey('key-1', { use: undefined })
const small = '2'.repeat(171) // 1,026 bits

const refused: Record<string, unknown> = {
  'that is no object': 'key',
  'that is null': null,
  'without a name': { ...jwk, kid: undefined },
  'whose name is empty': { ...jwk, kid: '' },
  'whose name is no text': { ...jwk, kid: 1 },
  'for encryption': { ...jwk, use: 'enc' },
  'for PS256': { ...jwk, alg: 'PS256' },
  'for HS256': { ...jwk, alg: 'HS256' },
  'for other operations': { ...jwk, key_ops: ['encrypt'] },
  'of an unknown type': { ...jwk, kty: 'oct', k: 'AAAA' },
  'under 2048 bits': { ...jwk, n: small },
  'over 8192 bits': { ...jwk, n: `3${'2'.repeat(1_400)}` },
  'with exponent 1': { ...jwk, e: 'AQ' },
  'with exponent 0': { ...jwk, e: 'AA' },
  'with an even exponent': { ...jwk, e: 'AQAA' },
  'with an exponent of 33 bits': { ...jwk, e: 'AQAAAAE' },
  'with its private part': { ...jwk, d: jwk.n },
  'without a modulus': { ...jwk, n: undefined },
  'whose issuer is no text': { ...jwk, issuer: [] },
  'of another cloud': { ...jwk, cloud_instance_name: 'microsoftonline.us' },
}

for (const [what, value] of Object.entries(refused)) {
  test(`a key ${what} is left out`, () => {
    assert.equal(readKey(value, 'microsoftonline.com'), undefined)
  })
}

for (const members of [
  { use: 'sig' },
  { alg: 'RS256' },
  { key_ops: ['verify'] },
  { cloud_instance_name: 'microsoftonline.com' },
  { x5t: 'other' },
]) {
  test(`a key with ${JSON.stringify(members)} is taken`, () => {
    assert.equal(readKey({ ...jwk, ...members }, 'microsoftonline.com')?.kid, 'key-1')
  })
}

test('no member of a key set makes its reading fail', () => {
  const member = fc.oneof(fc.constantFrom('RSA', 'sig', 'RS256', 'key-1', jwk.n, 'AQAB', ''), fc.jsonValue())
  const names = ['kty', 'kid', 'use', 'alg', 'key_ops', 'n', 'e', 'd', 'issuer', 'cloud_instance_name']
  const likely = fc.record(Object.fromEntries(names.map((name) => [name, member])), { requiredKeys: [] })
  fc.assert(
    fc.property(
      fc.oneof(
        fc.jsonValue(),
        likely,
        likely.map((changes) => ({ ...jwk, ...changes })),
      ),
      (value) => {
        const key = readKey(value)
        assert.ok(key === undefined || typeof key.verifies(sha256('data'), Buffer.alloc(256)) === 'boolean')
      },
    ),
    { numRuns: 1_000 },
  )
})
