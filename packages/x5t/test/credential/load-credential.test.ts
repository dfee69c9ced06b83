import assert from 'node:assert/strict'
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  verify,
  X509Certificate,
} from 'node:crypto'
import { chmodSync, mkdirSync } from 'node:fs'
import { platform } from 'node:os'
import { before, describe, test } from 'node:test'
import { type GeneratedCertificate, generateCertificate } from '../../src/certificate/generate-certificate.ts'
import { toPem } from '../../src/certificate/pem.ts'
import { loadCertificate } from '../../src/credential/load-certificate.ts'
import { loadCredential } from '../../src/credential/load-credential.ts'
import { folder } from '../support/openssl.ts'

type Source = Parameters<typeof loadCredential>[0]

const passphrase = 'correct horse'
const day = 86_400_000
let own: GeneratedCertificate
let other: GeneratedCertificate
let ownKey: KeyObject
before(async () => {
  ;[own, other] = await Promise.all([
    generateCertificate({ commonName: 'own' }),
    generateCertificate({ commonName: 'other' }),
  ])
  ownKey = createPrivateKey(own.privateKeyPem)
})

const both = () => own.privateKeyPem + own.certificatePem
const base64 = (content: string | Uint8Array) => Buffer.from(content).toString('base64')
const encryptedPair = () =>
  ownKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }) + own.certificatePem

async function assertLoads(source: Source) {
  const { certificate, signer } = await loadCredential(source)
  const x509 = new X509Certificate(own.certificatePem)
  assert.equal(certificate.thumbprintSha256Hex, x509.fingerprint256.replaceAll(':', ''))
  const data = Buffer.from('data')
  assert.ok(verify('sha256', data, x509.publicKey, await signer.sign('RS256', data)))
}

describe('loads', () => {
  const forms: [string, () => Source][] = [
    ['key and certificate in one text', () => ({ pem: both() })],
    ['certificate and key in one text', () => ({ pem: own.certificatePem + own.privateKeyPem })],
    ['one text as bytes', () => ({ pem: Buffer.from(both()) })],
    ['one file', () => ({ path: folder.write('both.pem', both()) })],
    [
      'two files, key first',
      () => ({
        path: [folder.write('k.pem', own.privateKeyPem), folder.write('c.pem', own.certificatePem)],
      }),
    ],
    [
      'two files, certificate first, in DER',
      () => ({
        path: [
          folder.write('c.cer', new X509Certificate(own.certificatePem).raw),
          folder.write('k.der', ownKey.export({ format: 'der', type: 'pkcs8' })),
        ],
      }),
    ],
    ['PKCS#1', () => ({ pem: ownKey.export({ format: 'pem', type: 'pkcs1' }) + own.certificatePem })],
    ['an encrypted key', () => ({ pem: encryptedPair(), passphrase })],
    ['a passphrase that nothing needs', () => ({ pem: both(), passphrase })],
    ['a certificate behind that of another key', () => ({ pem: other.certificatePem + both() })],
    ['the same certificate twice', () => ({ pem: both() + own.certificatePem })],
    ['a byte-order mark and CRLF', () => ({ pem: `\uFEFF${both().replaceAll('\n', '\r\n')}` })],
    ['UTF-16, as PowerShell redirects', () => ({ pem: Buffer.from(`\uFEFF${both()}`, 'utf16le') })],
    ['\\n written as two characters', () => ({ pem: both().replaceAll('\n', '\\n') })],
    ['\\\\n escaped twice, in quotes', () => ({ pem: `"${both().replaceAll('\n', '\\\\n')}"` })],
    ['spaces for line ends', () => ({ pem: both().replaceAll('\n', ' ') })],
    ['no line ends', () => ({ pem: both().replaceAll('\n', '') })],
    ['base64 of PEM', () => ({ pem: base64(both()) })],
    ['base64 of PEM in lines and quotes', () => ({ pem: `'${base64(both()).replace(/.{76}/g, '$&\n')}'\n` })],
    ['base64url of PEM', () => ({ pem: Buffer.from(both()).toString('base64url') })],
    ['base64 of base64 of PEM', () => ({ pem: base64(base64(both())) })],
    ['base64 of PEM as bytes', () => ({ pem: Buffer.from(base64(both())) })],
    [
      'a traditional encrypted PEM with spaces for line ends',
      () => ({
        pem:
          ownKey
            .export({ format: 'pem', type: 'pkcs1', cipher: 'aes-128-cbc', passphrase })
            .toString()
            .replaceAll('\n', ' ') + own.certificatePem,
        passphrase,
      }),
    ],
  ]
  for (const [what, source] of forms) test(what, () => assertLoads(source()))

  test('a certificate and a signer as they are', async () => {
    const { certificate, signer } = await loadCredential({ pem: both() })
    await assertLoads({ certificate, signer })
  })
})

describe('loadCertificate', () => {
  test('reads the public part, and does not open the key beside it', async () => {
    const certificate = await loadCertificate({ pem: encryptedPair() })
    assert.equal(certificate.subject, 'CN=own')
    assert.equal(certificate.keyBits, 2048)
    assert.equal(certificate.pem, own.certificatePem)
  })
})

const refusals: [string, string, () => Source | Promise<Source>][] = [
  ['a file that is not there', 'ERR_FILE_MISSING', () => ({ path: folder.path('nowhere.pem') })],
  ['an empty file', 'ERR_INPUT_EMPTY', () => ({ path: folder.write('empty.pem', '') })],
  ['a file of white space', 'ERR_INPUT_EMPTY', () => ({ path: folder.write('white.pem', ' \n\n') })],
  ['30 KB of noise', 'ERR_INPUT_UNKNOWN', () => ({ pem: Buffer.alloc(30_000, 'nöise ') })],
  ['a text that is no key', 'ERR_INPUT_UNKNOWN', () => ({ pem: 'https://vault.azure.net/secrets/a' })],
  ['two megabytes', 'ERR_FILE_TOO_LARGE', () => ({ path: folder.write('large', Buffer.alloc(2_000_000)) })],
  ['a block without its end', 'ERR_INPUT_DAMAGED', () => ({ pem: both().slice(0, -30) })],
  [
    'DER cut short',
    'ERR_INPUT_DAMAGED',
    () => ({ pem: new X509Certificate(own.certificatePem).raw.subarray(0, -5) }),
  ],
  [
    'a certificate that is none',
    'ERR_CERT_INVALID',
    () => ({ pem: own.privateKeyPem + toPem('CERTIFICATE', Buffer.alloc(100, 1)) }),
  ],
  [
    'a key that is none',
    'ERR_KEY_INVALID',
    () => ({ pem: own.certificatePem + toPem('PRIVATE KEY', Buffer.alloc(100, 1)) }),
  ],
  [
    'an OpenSSH key',
    'ERR_KEY_INVALID',
    () => ({ pem: own.certificatePem + toPem('OPENSSH PRIVATE KEY', Buffer.alloc(100, 1)) }),
  ],
  ['a certificate alone', 'ERR_KEY_MISSING', () => ({ pem: own.certificatePem })],
  ['a key alone', 'ERR_CERT_MISSING', () => ({ pem: own.privateKeyPem })],
  [
    'a public key where the certificate belongs',
    'ERR_CERT_IS_PUBLIC_KEY',
    () => ({ pem: own.privateKeyPem + createPublicKey(ownKey).export({ format: 'pem', type: 'spki' }) }),
  ],
  [
    'a public key where the private key belongs',
    'ERR_KEY_MISSING',
    () => ({ pem: own.certificatePem + createPublicKey(ownKey).export({ format: 'pem', type: 'pkcs1' }) }),
  ],
  [
    'a certificate where the key belongs',
    'ERR_KEY_IS_CERTIFICATE',
    () => ({
      path: [folder.write('c.pem', own.certificatePem), folder.write('d.pem', other.certificatePem)],
    }),
  ],
  [
    'the key of another certificate',
    'ERR_CERT_KEY_MISMATCH',
    () => ({ pem: own.certificatePem + other.privateKeyPem }),
  ],
  ['an encrypted key without its passphrase', 'ERR_PASSPHRASE_MISSING', () => ({ pem: encryptedPair() })],
  ['an empty passphrase', 'ERR_PASSPHRASE_MISSING', () => ({ pem: encryptedPair(), passphrase: '' })],
  ['a wrong passphrase', 'ERR_PASSPHRASE_WRONG', () => ({ pem: encryptedPair(), passphrase: 'wrong' })],
  [
    'an expired certificate, if it is to be refused',
    'ERR_CERT_EXPIRED',
    () => ({ pem: both(), outsideDates: 'refuse', now: () => Date.now() + 366 * day }),
  ],
  [
    'a certificate not yet valid, if it is to be refused',
    'ERR_CERT_NOT_YET_VALID',
    () => ({ pem: both(), outsideDates: 'refuse', now: () => Date.now() - day }),
  ],
  [
    'RSA of 1024 bits',
    'ERR_KEY_TOO_SMALL',
    () => pairOf(generateKeyPairSync('rsa', { modulusLength: 1024 })),
  ],
  ['RSA-PSS', 'ERR_KEY_UNSUPPORTED', () => pairOf(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }))],
  ['EC', 'ERR_KEY_UNSUPPORTED', () => pairOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }))],
  ['Ed25519', 'ERR_KEY_UNSUPPORTED', () => pairOf(generateKeyPairSync('ed25519'))],
]

/** A key of another kind beside our certificate: what is wrong with the key is said first. */
function pairOf({ privateKey }: { privateKey: KeyObject }): Source {
  return { pem: privateKey.export({ format: 'pem', type: 'pkcs8' }) + own.certificatePem }
}

describe('refuses', () => {
  for (const [what, code, source] of refusals) {
    test(`${what}: ${code}`, async () => {
      await assert.rejects(
        async () => loadCredential(await source()),
        (error: { name: string; code: string; message: string; hint: string | undefined }) => {
          assert.deepEqual([error.name, error.code], ['CertificateError', code])
          assert.ok(error.hint, 'has a hint')
          const said = `${error.message}\n${error.hint}`
          assert.doesNotMatch(said, /^[A-Z]|\.$|correct horse|[A-Za-z0-9+/]{50}/m)
          return true
        },
      )
    })
  }

  test('a directory: ERR_FILE_IS_DIRECTORY', async () => {
    const path = folder.path('a-directory')
    mkdirSync(path)
    await assert.rejects(loadCredential({ path }), { code: 'ERR_FILE_IS_DIRECTORY' })
  })

  test('two pairs, listing subject, expiry and thumbprint: ERR_CERT_AMBIGUOUS', async () => {
    const pem = [own, other].flatMap((each) => Object.values(each)).join('')
    await assert.rejects(loadCredential({ pem }), (error: { code: string; message: string }) => {
      assert.equal(error.code, 'ERR_CERT_AMBIGUOUS')
      for (const { certificatePem } of [own, other]) {
        const { fingerprint, subject, validTo } = new X509Certificate(certificatePem)
        assert.ok(error.message.includes(subject))
        assert.ok(error.message.includes(new Date(validTo).toISOString().slice(0, 10)))
        assert.ok(error.message.includes(fingerprint.replaceAll(':', '')))
      }
      return true
    })
  })

  test('a private key that is damaged where its public half is not: ERR_KEY_INVALID', async () => {
    const der = ownKey.export({ format: 'der', type: 'pkcs1' })
    const { d = '' } = ownKey.export({ format: 'jwk' })
    const at = der.indexOf(Buffer.from(d, 'base64url')) + 100
    const firstPrime = at + 200
    for (const byte of [at, firstPrime]) der.writeUInt8(der.readUInt8(byte) ^ 1, byte)
    const pem = toPem('RSA PRIVATE KEY', der) + own.certificatePem
    await assert.rejects(loadCredential({ pem }), { code: 'ERR_KEY_INVALID' })
  })
})

describe('warns', { skip: platform() === 'win32' }, () => {
  const warningsOf = async (source: Source) => (await loadCredential(source)).warnings

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
    const [warning] = await warningsOf({ pem: both(), now: () => Date.now() + 366 * day })
    assert.match(warning ?? '', /^certificate CN=own expired on /)
  })
})
