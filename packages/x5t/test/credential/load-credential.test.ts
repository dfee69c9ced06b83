import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { chmodSync } from 'node:fs'
import { platform } from 'node:os'
import { before, describe, test } from 'node:test'
import { inspect } from 'node:util'
import { type GeneratedCertificate, generateCertificate } from '../../src/certificate/generate-certificate.ts'
import { loadCertificate } from '../../src/credential/load-certificate.ts'
import { loadCredential } from '../../src/credential/load-credential.ts'
import { testCredential } from '../../src/credential/test-credential.ts'
import { CertificateError } from '../../src/errors.ts'
import { folder, openssl, skipWithoutOpenssl } from '../support/openssl.ts'

let own: GeneratedCertificate
let other: GeneratedCertificate
before(async () => {
  ;[own, other] = await Promise.all([
    generateCertificate({ commonName: 'own' }),
    generateCertificate({ commonName: 'other' }),
  ])
})

const both = () => own.privateKeyPem + own.certificatePem

test('a certificate and a signer are taken as they are, and can be tried against each other', async () => {
  const { certificate, signer } = await loadCredential({ pem: both() })
  const credential = await loadCredential({ certificate, signer })
  assert.equal(credential.certificate, certificate)
  await testCredential(credential)
  await testCredential(credential, 'RS256')

  const foreign = { certificate: await loadCertificate({ pem: other.certificatePem }), signer }
  await assert.rejects(testCredential(foreign), { code: 'ERR_CERT_KEY_MISMATCH' })
})

test('key, certificate and chain may be several texts, each in a form of its own', async () => {
  const der = createPrivateKey(own.privateKeyPem).export({ format: 'der', type: 'pkcs8' })
  const { raw } = new X509Certificate(own.certificatePem)
  for (const pem of [
    [own.privateKeyPem, own.certificatePem.replaceAll('\n', '\\n')],
    [raw, der.toString('base64')],
    [Buffer.from(own.certificatePem).toString('base64'), der, other.certificatePem],
  ]) {
    const { certificate } = await loadCredential({ pem })
    assert.equal(certificate.pem, own.certificatePem)
  }
})

test('loadCertificate reads the public part, and does not open the key beside it', async () => {
  const encrypted = createPrivateKey(own.privateKeyPem).export({
    format: 'pem',
    type: 'pkcs8',
    cipher: 'aes-256-cbc',
    passphrase: 'correct horse',
  })
  const certificate = await loadCertificate({ pem: encrypted + own.certificatePem })
  assert.equal(certificate.subject, 'CN=own')
  assert.equal(certificate.keyBits, 2048)
  assert.equal(certificate.pem, own.certificatePem)
})

test('of several pairs each is listed by subject, expiry and thumbprint', async () => {
  const pem = [own, other].flatMap((each) => Object.values(each)).join('')
  await assert.rejects(loadCredential({ pem }), (error: Error & { code: string }) => {
    assert.equal(error.code, 'ERR_CERT_AMBIGUOUS')
    for (const { certificatePem } of [own, other]) {
      const { fingerprint, subject, validTo } = new X509Certificate(certificatePem)
      const lastDay = new Date(validTo).toISOString().slice(0, 10)
      const listed = `${subject}, expires ${lastDay}, ${fingerprint.replaceAll(':', '')}`
      assert.ok(error.message.includes(listed), listed)
    }
    return true
  })
})

test('what is missing in two files is said in one sentence that names both', async () => {
  const publicKey = createPublicKey(own.privateKeyPem).export({ format: 'pem', type: 'spki' })
  const files = {
    publicKey: folder.write('k.pub', publicKey),
    key: folder.write('k.key', own.privateKeyPem),
    certificate: folder.write('k.crt', own.certificatePem),
  }
  const { publicKey: open, key, certificate } = files
  for (const [path, message] of [
    [[open, certificate], `no private key in ${open} and ${certificate}, only a public key`],
    [[key, open], `a public key in ${key} and ${open}, where the certificate belongs`],
    [[key, key], `no certificate in ${key} and ${key}`],
  ] as const) {
    await assert.rejects(loadCredential({ path }), { message })
  }
})

describe('warns', { skip: platform() === 'win32' }, () => {
  const warningsOf = async (source: Parameters<typeof loadCredential>[0]) =>
    (await loadCredential(source)).warnings

  test('of a key file that others can read, with the command that mends it', async () => {
    const path = folder.write("it's mine.pem", both())
    chmodSync(path, 0o640)
    const [warning, ...more] = await warningsOf({ path })
    assert.match(warning ?? '', /can be read by other users; mend it with: chmod 600 '.*it'\\''s mine\.pem'$/)
    assert.equal(more.length, 0)
    chmodSync(path, 0o600)
    assert.deepEqual(await warningsOf({ path }), [])
  })

  test('not of a certificate that others can read', async () => {
    const certificate = folder.write('c.pem', own.certificatePem)
    chmodSync(certificate, 0o644)
    assert.deepEqual(await warningsOf({ path: [folder.write('k.pem', own.privateKeyPem), certificate] }), [])
  })

  test('of a certificate outside its dates, unless it is to be refused', async () => {
    const { notAfter } = await loadCertificate({ pem: own.certificatePem })
    const [warning] = await warningsOf({ pem: both(), now: () => notAfter + 1 })
    assert.match(warning ?? '', /^certificate CN=own expired on /)
  })

  test('of one that is given with its signer too', async () => {
    const { certificate, signer } = await loadCredential({ pem: both() })
    const given = { certificate, signer, now: () => certificate.notAfter + 1 }
    const [warning] = await warningsOf(given)
    assert.match(warning ?? '', /^certificate CN=own expired on /)
    await assert.rejects(loadCredential({ ...given, outsideDates: 'refuse' }), { code: 'ERR_CERT_EXPIRED' })
    await assert.rejects(loadCredential({ ...given, outsideDates: 'error' } as typeof given), TypeError)
  })
})

describe('refuses a source that is none', () => {
  const wrong: [string, unknown][] = [
    ['nothing', {}],
    ['a path that is not set', { path: undefined }],
    ['no path', { path: [] }],
    ['an empty path', { path: ['a.pem', ''] }],
    ['a text that is not set', { pem: undefined }],
    ['no text', { pem: [] }],
    ['two texts, one of them not set', { pem: ['a', undefined] }],
    ['another word for dates', { pem: 'a', outsideDates: 'error' }],
    ['a passphrase that is a number', { pem: 'a', passphrase: 1234 }],
  ]
  for (const [what, source] of wrong) {
    test(`${what} is a TypeError`, async () => {
      await assert.rejects(loadCredential(source as { path: string }), TypeError) // as callers without types would
    })
  }

  test('a key in the place of its path, which no message and no cause repeats', async () => {
    const base64 = Buffer.from(both()).toString('base64')
    const long = `${own.privateKeyPem}${'x'.repeat(5_000)}`
    for (const path of [both(), long, both().replaceAll('\n', '\\n'), base64, base64.replaceAll('/', '_')]) {
      const error = await loadCredential({ path }).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      assert.ok(error instanceof CertificateError)
      assert.equal(error.code, 'ERR_FILE_MISSING')
      const said = inspect(error, { depth: 9 })
      for (let at = 0; at < path.length; at += 40) assert.ok(!said.includes(path.slice(at, at + 40)))
    }
  })
})

test(
  'a key of three primes, of which the numbers do not tell, is tried and loads',
  skipWithoutOpenssl,
  async () => {
    const { key, crt } = threePrimes()
    const { certificate, signer } = await loadCredential({ pem: [key, crt] })
    await testCredential({ certificate, signer })
  },
)

function threePrimes() {
  const key = openssl('genpkey', '-quiet', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_primes:3')
  const path = folder.write('three-primes.key', key)
  return { key, crt: openssl('req', '-x509', '-new', '-key', path, '-subj', '/CN=three primes') }
}
