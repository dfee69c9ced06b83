import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, verify, X509Certificate } from 'node:crypto'
import { before, test } from 'node:test'
import { generateCertificate } from '../../src/certificate/generate-certificate.ts'
import { loadCertificate } from '../../src/credential/load-certificate.ts'
import { loadCredential } from '../../src/credential/load-credential.ts'
import { folder } from '../support/openssl.ts'

const passphrase = 'correct horse'
let own: { certificatePem: string; privateKeyPem: string }
let other: { certificatePem: string; privateKeyPem: string }
before(async () => {
  ;[own, other] = await Promise.all([
    generateCertificate({ commonName: 'own' }),
    generateCertificate({ commonName: 'other' }),
  ])
})

async function assertLoads(source: Parameters<typeof loadCredential>[0]) {
  const { certificate, signer } = await loadCredential(source)
  const x509 = new X509Certificate(own.certificatePem)
  assert.equal(certificate.thumbprintSha256Hex, x509.fingerprint256.replaceAll(':', ''))
  const data = Buffer.from('data')
  assert.ok(verify('sha256', data, x509.publicKey, await signer.sign('RS256', data)))
}

test('key and certificate load from one text, in either order', async () => {
  await assertLoads({ pem: own.privateKeyPem + own.certificatePem })
  await assertLoads({ pem: own.certificatePem + own.privateKeyPem })
})

test('key and certificate load from one file or from two, in either order', async () => {
  const key = folder.write('key.pem', own.privateKeyPem)
  const certificate = folder.write('certificate.pem', own.certificatePem)
  await assertLoads({ path: folder.write('both.pem', own.privateKeyPem + own.certificatePem) })
  await assertLoads({ path: [key, certificate] })
  await assertLoads({ path: [certificate, key] })
})

test('PKCS#1 and every encrypted form of the key load', async () => {
  const key = createPrivateKey(own.privateKeyPem)
  const encrypt = { format: 'pem', cipher: 'aes-256-cbc', passphrase } as const
  for (const text of [
    key.export({ format: 'pem', type: 'pkcs1' }),
    key.export({ ...encrypt, type: 'pkcs1' }),
    key.export({ ...encrypt, type: 'pkcs8' }),
  ]) {
    await assertLoads({ pem: `${text}${own.certificatePem}`, passphrase })
  }
})

test('the certificate is the one that belongs to the key, not the first', async () => {
  await assertLoads({ pem: other.certificatePem + own.certificatePem + own.privateKeyPem })
})

test('a certificate and a signer are taken as they are', async () => {
  const loaded = await loadCredential({ pem: own.certificatePem + own.privateKeyPem })
  await assertLoads({ certificate: loaded.certificate, signer: loaded.signer })
})

test('loadCertificate reads the public part, and does not open the key beside it', async () => {
  const encrypted = createPrivateKey(own.privateKeyPem).export({
    format: 'pem',
    type: 'pkcs8',
    cipher: 'aes-256-cbc',
    passphrase,
  })
  const certificate = await loadCertificate({ pem: `${encrypted}${own.certificatePem}` })
  assert.equal(certificate.subject, 'CN=own')
  assert.equal(certificate.keyBits, 2048)
  assert.equal(certificate.pem, own.certificatePem)
})

const refusals: [string, string, () => Parameters<typeof loadCredential>[0]][] = [
  ['a file that is not there', 'ERR_FILE_MISSING', () => ({ path: folder.path('nowhere.pem') })],
  ['a certificate alone', 'ERR_KEY_MISSING', () => ({ pem: own.certificatePem })],
  ['a key alone', 'ERR_CERT_MISSING', () => ({ pem: own.privateKeyPem })],
  [
    'a public key where the certificate belongs',
    'ERR_CERT_IS_PUBLIC_KEY',
    () => ({
      pem: own.privateKeyPem + createPublicKey(own.certificatePem).export({ format: 'pem', type: 'spki' }),
    }),
  ],
  [
    'a certificate where the key belongs',
    'ERR_KEY_IS_CERTIFICATE',
    () => ({ pem: own.certificatePem + other.certificatePem }),
  ],
  [
    'the key of another certificate',
    'ERR_CERT_KEY_MISMATCH',
    () => ({ pem: own.certificatePem + other.privateKeyPem }),
  ],
  [
    'two pairs',
    'ERR_CERT_AMBIGUOUS',
    () => ({ pem: [own, other].flatMap((each) => Object.values(each)).join('') }),
  ],
  ['an encrypted key without its passphrase', 'ERR_PASSPHRASE_MISSING', () => ({ pem: encryptedPair() })],
  [
    'an encrypted key with a wrong passphrase',
    'ERR_PASSPHRASE_WRONG',
    () => ({ pem: encryptedPair(), passphrase: 'wrong' }),
  ],
]
for (const [what, code, source] of refusals) {
  test(`${what} is ${code}`, async () => {
    await assert.rejects(loadCredential(source()), { name: 'CertificateError', code })
  })
}

function encryptedPair(): string {
  const key = createPrivateKey(own.privateKeyPem)
  return `${key.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase })}${own.certificatePem}`
}
