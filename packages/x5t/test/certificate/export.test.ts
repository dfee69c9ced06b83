import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { exportPem } from '../../src/certificate/export-pem.ts'
import { exportPfx } from '../../src/certificate/pfx/export-pfx.ts'
import { type KeyPair, loadKeyPair } from '../../src/credential/load-key-pair.ts'
import { issueChain } from '../support/issued.ts'
import { folder, openssl, skipWithoutOpenssl } from '../support/openssl.ts'

const passphrase = 'pässwörd €'

describe('a key pair with its chain', skipWithoutOpenssl, () => {
  let pair: KeyPair
  let names: string[]
  before(async () => {
    const { pem } = issueChain()
    pair = await loadKeyPair({ pem: pem.key + pem.leaf + pem.intermediate + pem.root })
    names = ['CN = leaf', 'CN = intermediate', 'CN = root']
  })

  async function assertSame(source: Parameters<typeof loadKeyPair>[0]) {
    const { certificate, privateKey } = await loadKeyPair(source)
    assert.deepEqual(certificate, pair.certificate)
    assert.ok(privateKey.equals(pair.privateKey))
  }

  test('as a PFX is read by OpenSSL without its legacy provider, and by us', async () => {
    const pfx = await exportPfx(pair, { passphrase })
    const path = folder.write('exported.pfx', pfx)
    const text = openssl('pkcs12', '-in', path, '-passin', `pass:${passphrase}`, '-noenc')
    for (const name of names) assert.ok(text.includes(name), name)
    assert.ok(createPrivateKey(text).equals(pair.privateKey))
    const id = pair.certificate.thumbprintSha1Hex.replace(/../g, '$& ')
    assert.equal(text.split(`localKeyID: ${id}`).length, 3, 'key and leaf have the same local key id')
    await assertSame({ path, passphrase })
  })

  test('as a PFX is strict DER', async () => {
    const path = folder.write('exported.pfx', await exportPfx(pair, { passphrase }))
    assert.doesNotMatch(openssl('asn1parse', '-inform', 'DER', '-in', path), /l=inf/)
  })

  test('as PEM is one key file and one certificate file, or both in one', async () => {
    const { certificatePem, privateKeyPem, combinedPem } = await exportPem(pair)
    await assertSame({ pem: privateKeyPem + certificatePem })
    await assertSame({ pem: combinedPem })
    assert.equal(new X509Certificate(certificatePem).subject, 'O=Contoso\nCN=leaf')
    const key = folder.write('key.pem', privateKeyPem)
    const certificate = folder.write('certificate.pem', certificatePem)
    const modulus = (command: string, file: string) => openssl(command, '-in', file, '-noout', '-modulus')
    assert.equal(modulus('rsa', key), modulus('x509', certificate))
  })

  test('as PEM with a passphrase is opened by OpenSSL and by us, only with it', async () => {
    const { privateKeyPem, combinedPem } = await exportPem(pair, { passphrase })
    const path = folder.write('encrypted.pem', privateKeyPem)
    const text = openssl('pkey', '-in', path, '-passin', `pass:${passphrase}`)
    assert.ok(createPrivateKey(text).equals(pair.privateKey))
    assert.match(openssl('asn1parse', '-in', path), /hmacWithSHA256[\s\S]*aes-256-cbc/)
    await assertSame({ pem: combinedPem, passphrase })
    await assert.rejects(loadKeyPair({ pem: combinedPem }), { code: 'ERR_PASSPHRASE_MISSING' })
  })

  test('as PEM with Bag Attributes says what OpenSSL says, and loads', async () => {
    const { combinedPem } = await exportPem(pair, { bagAttributes: true })
    const path = folder.write('exported.pfx', await exportPfx(pair, { passphrase: 'secret' }))
    const theirs = openssl('pkcs12', '-in', path, '-passin', 'pass:secret', '-noenc')
    const normal = (text: string) =>
      text
        .replaceAll(' = ', '=')
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean)
    assert.deepEqual(normal(combinedPem), normal(theirs))
    await assertSame({ pem: combinedPem })
  })

  test('as PEM with Bag Attributes loads whatever its name is: none, or the begin of a block', async () => {
    for (const subject of ['/', '/CN=-----BEGIN CERTIFICATE-----']) {
      const files = ['-keyout', 'named.key', '-out', 'named.pem']
      openssl('req', '-x509', '-newkey', 'rsa:2048', '-noenc', '-subj', subject, ...files)
      const named = await loadKeyPair({ path: [folder.path('named.key'), folder.path('named.pem')] })
      const { combinedPem } = await exportPem(named, { bagAttributes: true })
      assert.deepEqual((await loadKeyPair({ pem: combinedPem })).certificate, named.certificate)
    }
  })

  test('never is written with an empty passphrase', async () => {
    await assert.rejects(exportPem(pair, { passphrase: '' }), TypeError)
    await assert.rejects(exportPfx(pair, { passphrase: '' }), TypeError)
  })
})
