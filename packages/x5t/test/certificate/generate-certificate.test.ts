import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { before, test } from 'node:test'
import { generateCertificate } from '../../src/certificate/generate-certificate.ts'
import { folder, openssl, skipWithoutOpenssl } from '../support/openssl.ts'

// Here the making is what is tested (scripts/shared-keys.ts).
delete process.env.X5T_TEST_KEYS

const now = () => Date.parse('2026-03-01T10:20:30.456Z')
let generated: Awaited<ReturnType<typeof generateCertificate>>
before(async () => {
  generated = await generateCertificate({ commonName: 'bílling', days: 90, now })
})

test('the certificate is for its key, valid from five minutes ago for the days asked for', () => {
  const x509 = new X509Certificate(generated.certificatePem)
  assert.equal(x509.subject, 'CN=bílling')
  assert.equal(x509.issuer, x509.subject)
  assert.ok(x509.checkPrivateKey(createPrivateKey(generated.privateKeyPem)))
  assert.equal(Date.parse(x509.validFrom), Date.parse('2026-03-01T10:15:30Z'))
  assert.equal(Date.parse(x509.validTo), Date.parse('2026-05-30T10:20:30Z'))
})

test('OpenSSL accepts it under its strict rules, for client authentication', skipWithoutOpenssl, () => {
  const pem = folder.write('generated.pem', generated.certificatePem)
  const at = String(Math.floor(now() / 1_000))
  openssl('verify', '-x509_strict', '-purpose', 'sslclient', '-attime', at, '-CAfile', pem, pem)
  const text = openssl('x509', '-in', pem, '-noout', '-text')
  for (const line of [
    'Version: 3',
    'sha256WithRSAEncryption',
    'Public-Key: (2048 bit)',
    'Exponent: 65537',
    'CA:FALSE',
    'Digital Signature',
    'TLS Web Client Authentication',
    'X509v3 Subject Key Identifier',
  ]) {
    assert.ok(text.includes(line), line)
  }
})

test('two certificates of one minute have different serial numbers of 128 bits', async () => {
  const other = await generateCertificate({ commonName: 'b', now })
  const serials = [generated, other].map((each) => new X509Certificate(each.certificatePem).serialNumber)
  assert.notEqual(serials[0], serials[1])
  assert.deepEqual(
    serials.map((serial) => serial.length),
    [32, 32],
  )
})

test('a validity that ends after 2049 is written as GeneralizedTime and read back', async () => {
  const { certificatePem } = await generateCertificate({ commonName: 'a', now: () => Date.UTC(2049, 11, 1) })
  assert.equal(Date.parse(new X509Certificate(certificatePem).validTo), Date.UTC(2050, 11, 1))
})

test('the private key is encrypted when a passphrase is given', async () => {
  const { privateKeyPem } = await generateCertificate({ commonName: 'a', passphrase: 'correct horse' })
  assert.match(privateKeyPem, /^-----BEGIN ENCRYPTED PRIVATE KEY-----/)
  assert.throws(() => createPrivateKey({ key: privateKeyPem, passphrase: 'wrong' }))
  assert.equal(createPrivateKey({ key: privateKeyPem, passphrase: 'correct horse' }).asymmetricKeyType, 'rsa')
})

const outOfBounds: [string, Parameters<typeof generateCertificate>[0]][] = [
  ['an empty name', { commonName: '' }],
  ['no name', { commonName: undefined as unknown as string }],
  ['a name of 65 characters', { commonName: 'a'.repeat(65) }],
  ['399 days', { commonName: 'a', days: 399 }],
  ['3651 days, even on purpose', { commonName: 'a', days: 3651, allowLongValidity: true }],
  ['half a day', { commonName: 'a', days: 0.5 }],
  ['1024 bits', { commonName: 'a', bits: 1024 as 2048 }],
  ['an empty passphrase', { commonName: 'a', passphrase: '' }],
]
for (const [what, options] of outOfBounds) {
  test(`${what} is a TypeError, before any key is made`, async () => {
    await assert.rejects(generateCertificate(options), {
      name: 'TypeError',
      message: /^(commonName|days|bits|passphrase) must /,
    })
  })
}
