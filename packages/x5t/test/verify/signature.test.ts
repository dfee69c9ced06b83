import assert from 'node:assert/strict'
import { constants, createPublicKey, hash, privateEncrypt, sign, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { readKey } from '../../src/verify/verification-key.ts'
import { newKey } from './issuer.ts'

interface Group {
  readonly publicKeyPem: string
  readonly tests: readonly Vector[]
}

interface Vector {
  readonly tcId: number
  readonly comment: string
  /** Hexadecimal, and so is `sig`. */
  readonly msg: string
  readonly sig: string
  readonly result: 'valid' | 'invalid' | 'acceptable'
}

const file = new URL('wycheproof/rsa_signature_2048_sha256_test.json', import.meta.url)
const groups: readonly Group[] = JSON.parse(readFileSync(file, 'utf8')).testGroups
const sha256 = (data: Buffer) => hash('sha256', data, 'binary')

test('the 259 Wycheproof vectors for RSASSA-PKCS1-v1_5: what is only acceptable is refused', () => {
  const results: string[] = []
  for (const { publicKeyPem, tests } of groups) {
    const key = readKey({ ...createPublicKey(publicKeyPem).export({ format: 'jwk' }), kid: 'wycheproof' })
    assert.ok(key)
    for (const { tcId, comment, msg, sig, result } of tests) {
      const isGood = key.verifies(sha256(Buffer.from(msg, 'hex')), Buffer.from(sig, 'hex'))
      assert.equal(isGood, result === 'valid', `${tcId}, ${comment}`)
      results.push(result)
    }
  }
  assert.equal(results.length, 259)
})

const { privateKey, publicKey, jwk } = newKey('key')
const key = readKey(jwk)
assert.ok(key)
const data = Buffer.from('what is signed')
const digestInfo = '3031300d060960864801650304020105000420'
const good = Buffer.from(`0001${'ff'.repeat(202)}00${digestInfo}${hash('sha256', data)}`, 'hex')

/** The signature that an issuer would make of this block. */
function signatureOf(block: Buffer): Buffer {
  return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, block)
}

test('one block is good, and none that differs from it in a byte', () => {
  assert.ok(key.verifies(sha256(data), signatureOf(good)))
  for (const at of good.keys()) {
    const block = Buffer.from(good)
    block[at] = (block[at] ?? 0) ^ 1
    assert.equal(key.verifies(sha256(data), signatureOf(block)), false)
  }
})

test('blocks of any making are judged as crypto.verify judges them', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'ff'.repeat(202),
      'ff'.repeat(8),
      '00',
      '01',
      digestInfo,
      hash('sha256', data),
      hash('sha1', data),
    ),
    fc.constantFrom('302f300b0609608648016503040201', '0420', '3021300906052b0e03021a05000414', '0500'),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  )
  const blocks = fc.array(piece, { maxLength: 8 }).map((pieces) => {
    const text = Buffer.from(`0001${pieces.join('')}`, 'hex').subarray(0, good.length)
    return Buffer.concat([text, Buffer.alloc(good.length - text.length, 0xff)])
  })
  fc.assert(
    fc.property(fc.oneof(blocks, fc.constant(good)), (block) => {
      const signature = signatureOf(block)
      assert.equal(key.verifies(sha256(data), signature), verify('sha256', data, publicKey, signature))
    }),
    { numRuns: 300 },
  )
})

test('a signature of another length, or not below the modulus, is not good', () => {
  const signature = signatureOf(good)
  for (const other of [
    Buffer.alloc(0),
    signature.subarray(1),
    Buffer.concat([Buffer.alloc(1), signature]),
    Buffer.concat([signature, Buffer.alloc(1)]),
    Buffer.alloc(signature.length, 0xff),
    Buffer.alloc(signature.length),
  ]) {
    assert.equal(key.verifies(sha256(data), other), false)
  }
})

for (const bits of [2_049, 2_055, 3_072]) {
  test(`a key of ${bits} bits verifies what it signed`, () => {
    const odd = newKey('odd', {}, bits)
    assert.equal(readKey(odd.jwk)?.verifies(sha256(data), sign('sha256', data, odd.privateKey)), true)
  })
}
