import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { test } from 'node:test'
import { isWholeKey } from '../../src/certificate/whole-key.ts'
import { openssl, skipWithoutOpenssl } from '../support/openssl.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwk = privateKey.export({ format: 'jwk' })
const members = ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const

function withNumbers(changes: JsonWebKey) {
  return createPrivateKey({ key: { ...jwk, ...changes }, format: 'jwk' })
}

/** One bit of it turned. */
function damaged(text = ''): string {
  const bytes = Buffer.from(text, 'base64url')
  const middle = bytes.length >> 1
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  return bytes.toString('base64url')
}

test('keys that Node makes are whole', () => {
  assert.ok(isWholeKey(privateKey))
  assert.ok(isWholeKey(generateKeyPairSync('rsa', { modulusLength: 2_056, publicExponent: 3 }).privateKey))
})

test('so are keys that OpenSSL makes; one of three primes is left to a trial', skipWithoutOpenssl, () => {
  const make = (...options: string[]) => openssl('genpkey', '-quiet', '-algorithm', 'RSA', ...options)
  assert.ok(isWholeKey(createPrivateKey(make())))
  assert.equal(isWholeKey(createPrivateKey(make('-pkeyopt', 'rsa_keygen_primes:3'))), false)
})

for (const member of members) {
  test(`a key with one bit of its ${member} turned is not whole`, () => {
    assert.equal(isWholeKey(withNumbers({ [member]: damaged(jwk[member]) })), false)
  })
}

test('a key whose primes are exchanged, or are 1 and the modulus, is not whole', () => {
  assert.equal(isWholeKey(withNumbers({ p: jwk.q ?? '', q: jwk.p ?? '' })), false)
  assert.equal(isWholeKey(withNumbers({ p: jwk.n ?? '', q: 'AQ' })), false)
  assert.equal(isWholeKey(withNumbers({ p: 'AA', q: 'AA', dp: 'AA', dq: 'AA', qi: 'AA' })), false)
})
