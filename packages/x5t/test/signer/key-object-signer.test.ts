import assert from 'node:assert/strict'
import { constants, generateKeyPairSync, verify } from 'node:crypto'
import { test } from 'node:test'
import { keyObjectSigner } from '../../src/signer/key-object-signer.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const signer = keyObjectSigner(privateKey)
const data = Buffer.from('header.claims')

const paddings = {
  PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  RS256: { padding: constants.RSA_PKCS1_PADDING },
} as const

for (const algorithm of ['PS256', 'RS256'] as const) {
  test(`${algorithm} verifies with its own padding and with no other`, async () => {
    const signature = await signer.sign(algorithm, data)
    const verifies = Object.entries(paddings).map(([name, padding]) => [
      name,
      verify('sha256', data, { key: publicKey, ...padding }, signature),
    ])
    assert.equal(signature.length, 256)
    assert.deepEqual(Object.fromEntries(verifies), {
      PS256: algorithm === 'PS256',
      RS256: algorithm === 'RS256',
    })
  })
}

test('signing leaves the event loop free', async () => {
  let done = false
  const signature = signer.sign('PS256', data).finally(() => {
    done = true
  })
  await Promise.resolve()
  assert.equal(done, false)
  await signature
})

test('a key that cannot sign is ERR_SIGNER_FAILED', async () => {
  await assert.rejects(keyObjectSigner(publicKey).sign('PS256', data), { code: 'ERR_SIGNER_FAILED' })
})

test('a key of another kind is refused before it signs anything', () => {
  const { privateKey: ec } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  assert.throws(() => keyObjectSigner(ec), { code: 'ERR_KEY_UNSUPPORTED' })
})
