import assert from 'node:assert/strict'
import { createDecipheriv, createHmac, generateKeyPairSync, hkdfSync, sign } from 'node:crypto'
import { before, test } from 'node:test'
import { createSeal, type Seal } from '../../src/cache/seal.ts'
import type { ClientCredential } from '../../src/credential/client-credential.ts'
import { exportPem, generateCertificate, loadKeyPair } from '../../src/index.ts'
import { newCredential } from '../support/credential.ts'

let seal: Seal
let credential: ClientCredential
const value = Buffer.from('a token')
const sealOf = async (of: ClientCredential) => {
  const made = await createSeal(of)
  assert.ok(made)
  return made
}

before(async () => {
  credential = await newCredential()
  seal = await sealOf(credential)
})

test('who holds the key opens what another process with the same key sealed', async () => {
  const again = await sealOf(credential)
  assert.deepEqual(again.open('key', seal.seal('key', value)), value)
  assert.equal(again.nameOf('key'), seal.nameOf('key'))
  assert.notDeepEqual(seal.seal('key', value), seal.seal('key', value))
})

test('another certificate, another key of the cache, one bit changed, one byte less: not opened', async () => {
  const other = await sealOf(await newCredential())
  const sealed = seal.seal('key', value)
  assert.equal(other.open('key', sealed), undefined)
  assert.notEqual(other.nameOf('key'), seal.nameOf('key'))
  assert.equal(seal.open('key ', sealed), undefined)
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    assert.equal(seal.open('key', changed), undefined, `bit ${bit}`)
  }
  for (let length = 0; length < sealed.length; length++) {
    assert.equal(seal.open('key', sealed.subarray(0, length)), undefined, `${length} bytes`)
  }
})

test('the sealed bytes are AES-256-GCM under HKDF of the RS256 signature, as node:crypto reads them', async () => {
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'seal' })
  const pair = await loadKeyPair({ pem: certificatePem + privateKeyPem })
  const { thumbprintSha256 } = pair.certificate
  const text = `x5t: the key that seals shared tokens, version 1\n${thumbprintSha256}`
  const signature = sign('sha256', Buffer.from(text), pair.privateKey)
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', signature, thumbprintSha256, use, 32))
  const made = await sealOf(pair)
  const sealed = Buffer.from(made.seal('key', value))
  assert.equal(sealed[0], 1)
  const decipher = createDecipheriv('aes-256-gcm', derive('seal'), sealed.subarray(1, 13))
  decipher.setAAD(Buffer.from('key')).setAuthTag(sealed.subarray(-16))
  assert.deepEqual(Buffer.concat([decipher.update(sealed.subarray(13, -16)), decipher.final()]), value)
  assert.equal(made.nameOf('key'), createHmac('sha256', derive('name')).update('key').digest('hex'))
})

test('a signer that cannot do RS256, or signs with another key, makes no seal', async () => {
  const { certificate, signer } = credential
  assert.equal(await createSeal({ certificate, signer: { ...signer, algorithms: ['PS256'] } }), undefined)
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const foreign = { sign: async (_: string, data: Uint8Array) => sign('sha256', data, privateKey) }
  assert.equal(await createSeal({ certificate, signer: foreign }), undefined)
})

test('the certificate’s text form changes nothing: the PEM that was exported seals alike', async () => {
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'seal' })
  const pair = await loadKeyPair({ pem: certificatePem + privateKeyPem })
  const exported = await exportPem(pair)
  const again = await loadKeyPair({ pem: Object.values(exported).join('\n') })
  assert.equal((await sealOf(again)).nameOf('key'), (await sealOf(pair)).nameOf('key'))
})
