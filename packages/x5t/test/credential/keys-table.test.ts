import assert from 'node:assert/strict'
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  verify,
  X509Certificate,
} from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import { toPem } from '../../src/certificate/pem.ts'
import { loadCredential } from '../../src/credential/load-credential.ts'
import type { CertificateError } from '../../src/errors.ts'
import { issueChain } from '../support/issued.ts'
import { folder, openssl, skipWithoutOpenssl } from '../support/openssl.ts'
import { exportPfx, pfxWithPbmac1, toIndefiniteLengths, withCostlyRounds } from '../support/pfx.ts'

type Source = Parameters<typeof loadCredential>[0]

const passphrase = 'correct horse'
const day = 86_400_000
const legacy = ['-provider', 'legacy', '-provider', 'default']

let issued: ReturnType<typeof issueChain>
let key: KeyObject
let other: KeyObject

const both = () => issued.pem.key + issued.pem.leaf
const leafDer = () => new X509Certificate(issued.pem.leaf).raw
const withLeaf = (pem: string | Buffer): Source => ({ pem: pem + issued.pem.leaf, passphrase })
const base64 = (content: string | Uint8Array) => Buffer.from(content).toString('base64')
const pkcs8 = (of: KeyObject) => of.export({ format: 'pem', type: 'pkcs8' })
const file = (name: string, content: string | Uint8Array) => folder.write(name, content)
const exported = (...options: string[]) => exportPfx(issued.files, passphrase, ...options)
const opened = (pfx: string | Uint8Array): Source => ({ pfx, passphrase })

/** The private key as OpenSSL encrypts it. */
function encrypted(command: string, ...options: string[]): string {
  openssl(command, '-in', issued.files.key, '-out', 'made.key', '-passout', `pass:${passphrase}`, ...options)
  return readFileSync(folder.path('made.key'), 'utf8')
}
const topk8 = (...options: string[]) => withLeaf(encrypted('pkcs8', '-topk8', ...options))
const traditional = (...options: string[]) => withLeaf(encrypted('rsa', '-traditional', ...options))

/** Paths of a key and its self-signed certificate. */
function selfSigned(name: string, ...newKey: string[]): string[] {
  const [keyFile, certificate] = [folder.path(`${name}.key`), folder.path(`${name}.pem`)]
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-noenc',
    '-keyout',
    keyFile,
    '-out',
    certificate,
    '-subj',
    `/CN=${name}`,
  )
  return [keyFile, certificate]
}

/** PKCS#1 whose modulus is whole, and whose private exponent and first prime are not. */
function damagedInside(of: KeyObject): Uint8Array {
  const der = of.export({ format: 'der', type: 'pkcs1' })
  const { d = '', p = '' } = of.export({ format: 'jwk' })
  for (const part of [d, p]) {
    const at = der.indexOf(Buffer.from(part, 'base64url')) + 50
    der.writeUInt8(der.readUInt8(at) ^ 1, at)
  }
  return der
}

/** For each row of docs/keys.md, sources of which each has the outcome that stands there. */
const rows: Record<string, () => Source[]> = {
  'PEM, PKCS#8: `PRIVATE KEY`': () => [withLeaf(pkcs8(key))],
  'PEM, PKCS#1: `RSA PRIVATE KEY`': () => [withLeaf(key.export({ format: 'pem', type: 'pkcs1' }))],
  'PEM, encrypted PKCS#8: PBES2, PBKDF2 with AES': () => [
    topk8(),
    topk8('-v2', 'aes128', '-v2prf', 'hmacWithSHA512'),
  ],
  'PEM, encrypted PKCS#8: PBES2, PBKDF2 with 3DES': () => [topk8('-v2', 'des3')],
  'PEM, encrypted PKCS#8: PBES2, scrypt': () => [topk8('-scrypt')],
  'PEM, encrypted PKCS#8: PBES1, DES or RC2': () => [
    topk8('-v1', 'PBE-MD5-DES', ...legacy),
    topk8('-v1', 'PBE-SHA1-RC2-64', ...legacy),
  ],
  'PEM, encrypted PKCS#8: PKCS#12 scheme, 3DES or RC2': () => [
    topk8('-v1', 'PBE-SHA1-3DES'),
    topk8('-v1', 'PBE-SHA1-RC2-40', ...legacy),
  ],
  'PEM, traditional encryption (`Proc-Type: 4,ENCRYPTED`): AES, 3DES or DES': () => [
    traditional('-aes256'),
    traditional('-des3'),
    traditional('-des', ...legacy),
  ],
  'key and certificate in one file, in either order': () => [
    { path: file('key-first.pem', issued.pem.key + issued.pem.leaf) },
    { path: file('leaf-first.pem', issued.pem.leaf + issued.pem.key) },
  ],
  'key and certificate in two files, in either order': () => [
    { path: [issued.files.key, issued.files.leaf] },
    { path: [issued.files.leaf, issued.files.key] },
  ],
  'key and certificate in DER': () => [
    { path: [file('8.der', key.export({ format: 'der', type: 'pkcs8' })), file('leaf.cer', leafDer())] },
    { path: [file('leaf.cer', leafDer()), file('1.der', key.export({ format: 'der', type: 'pkcs1' }))] },
  ],
  'encrypted key in DER': () => {
    const der = key.export({ format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase })
    return [{ path: [file('encrypted.der', der), issued.files.leaf], passphrase }]
  },
  'a chain in any order, certificates of others, the same twice': () => {
    const { leaf, intermediate, root } = issued.pem
    const [, stranger = ''] = selfSigned('stranger', '-newkey', 'rsa:2048')
    return [
      { pem: root + issued.pem.key + intermediate + leaf },
      { path: [issued.files.leaf, issued.files.key, stranger, issued.files.leaf] },
    ]
  },
  'Bag Attributes and other text between the blocks': () => {
    const made = file('all.pfx', exported())
    const text = openssl('x509', '-in', issued.files.leaf, '-text')
    return [
      { pem: openssl('pkcs12', '-in', made, '-passin', `pass:${passphrase}`, '-noenc') },
      { pem: `${text}\nThe key:\n${issued.pem.key}` },
    ]
  },
  'CRLF, byte-order mark, UTF-16': () => [
    { pem: both().replaceAll('\n', '\r\n') },
    { pem: `\uFEFF${both()}` },
    { pem: Buffer.from(`\uFEFF${both()}`, 'utf16le') },
  ],
  'line ends written as `\\n` in two characters, as spaces, or lost': () => [
    { pem: both().replaceAll('\n', '\\n') },
    { pem: `"${both().replaceAll('\n', '\\\\n')}"` },
    { pem: both().replaceAll('\n', ' ') },
    { pem: both().replaceAll('\n', '') },
    withLeaf(encrypted('rsa', '-traditional', '-aes128').replaceAll('\n', ' ')),
  ],
  'base64 or base64url of PEM, once or twice': () => [
    { pem: base64(both()) },
    { pem: Buffer.from(base64(both())) },
    { pem: `'${base64(both()).replace(/.{76}/g, '$&\n')}'\n` },
    { pem: Buffer.from(both()).toString('base64url') },
    { pem: base64(base64(both())) },
  ],
  'base64 of DER or PFX': () => [
    opened(base64(exported())),
    { path: [file('leaf.b64', base64(leafDer())), issued.files.key] },
  ],
  'PFX by OpenSSL 3 and Windows since 2019: AES-256, SHA-256': () => [opened(exported())],
  'PFX by OpenSSL 1 and Windows before 2019: RC2 with 40 bits, 3DES, SHA-1': () => [
    opened(exported('-legacy')),
    opened(exported('-legacy', '-descert')),
  ],
  'PFX with an empty passphrase, given or not': () => {
    const made = exportPfx(issued.files, '')
    return [{ pfx: made }, { pfx: made, passphrase: '' }, { pfx: exportPfx(issued.files, '', '-legacy') }]
  },
  'PFX with a passphrase that is not ASCII': () => [
    { pfx: exportPfx(issued.files, 'pässwörd €'), passphrase: 'pässwörd €' },
    { pfx: exportPfx(issued.files, 'pässwörd €', '-legacy'), passphrase: 'pässwörd €' },
  ],
  'PFX with an unencrypted key or certificate': () => [
    opened(exported('-keypbe', 'NONE')),
    opened(exported('-certpbe', 'NONE')),
  ],
  'PFX without MAC': () => [opened(exported('-nomac'))],
  'PFX with PBMAC1 (RFC 9579)': () => [opened(pfxWithPbmac1(exported('-nomac'), passphrase))],
  'PFX in BER, as streaming writers make it': () => [opened(toIndefiniteLengths(exported()))],
  'a million rounds of PBKDF2': () => [topk8('-iter', '1000000')],
  'a passphrase for what is not encrypted': () => [{ pem: both(), passphrase }],

  'a file that is not there': () => [{ path: folder.path('nowhere.pem') }],
  'a directory': () => {
    mkdirSync(folder.path('directory'))
    return [{ path: folder.path('directory') }]
  },
  'a file of more than 1 MiB, or a device that does not end': () => [
    { path: file('large', Buffer.alloc(1_048_577)) },
    { path: '/dev/zero' },
  ],
  'an empty file, or white space': () => [{ path: file('empty', '') }, { pem: ' \r\n\t' }],
  '30 KB of noise, or any text': () => [
    { pem: Buffer.alloc(30_000, 'nöise ') },
    { pem: 'https://vault.azure.net/secrets/a' },
  ],
  'a Java keystore, a PuTTY key, an SSH public key, JSON': () => [
    { pem: Buffer.from('feedfeed0000000200000001', 'hex') },
    { pem: 'PuTTY-User-Key-File-3: ssh-rsa\n' },
    { pem: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 me@host' },
    { pem: JSON.stringify(key.export({ format: 'jwk' })) },
  ],
  'PEM without its END line, or not base64': () => [
    { pem: both().slice(0, -30) },
    { pem: both().replace('MII', 'M*I') },
  ],
  'DER or PFX cut short': () => [{ pem: leafDer().subarray(0, -5) }, opened(exported().subarray(0, -5))],
  'PFX whose MAC is not that of its content': () => [
    opened(pfxWithPbmac1(exported('-nomac', '-certpbe', 'AES-256-CBC'), 'another')),
  ],
  'PFX encrypted with RC4': () => [opened(exported('-legacy', '-certpbe', 'PBE-SHA1-RC4-128'))],
  'more rounds of key derivation than any honest tool asks for': () => [
    opened(withCostlyRounds(exported('-iter', '70000'))),
  ],
  'an encrypted key or PFX without passphrase': () => [
    { pem: encrypted('pkcs8', '-topk8') + issued.pem.leaf },
    { pem: encrypted('pkcs8', '-topk8') + issued.pem.leaf, passphrase: '' },
    { pfx: exported() },
  ],
  'an encrypted key or PFX with a wrong passphrase': () => [
    { pem: encrypted('pkcs8', '-topk8') + issued.pem.leaf, passphrase: 'wrong' },
    { pem: encrypted('rsa', '-traditional', '-aes256') + issued.pem.leaf, passphrase: 'wrong' },
    { pfx: exported('-legacy'), passphrase: 'wrong' },
  ],
  'no private key': () => [{ path: issued.files.leaf }, opened(exported('-nokeys'))],
  'a public key where the private key belongs': () => [
    withLeaf(createPublicKey(key).export({ format: 'pem', type: 'spki' })),
    withLeaf(createPublicKey(key).export({ format: 'pem', type: 'pkcs1' })),
  ],
  'a certificate where the private key belongs': () => [{ path: [issued.files.leaf, issued.files.root] }],
  'a private key that is none, is damaged, or is an OpenSSH one': () => [
    withLeaf(toPem('PRIVATE KEY', Buffer.alloc(100, 1))),
    withLeaf(toPem('RSA PRIVATE KEY', damagedInside(key))),
    withLeaf(toPem('OPENSSH PRIVATE KEY', Buffer.alloc(100, 1))),
  ],
  'an EC, Ed25519 or RSA-PSS key': () => [
    withLeaf(pkcs8(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)),
    withLeaf(pkcs8(generateKeyPairSync('ed25519').privateKey)),
    withLeaf(pkcs8(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey)),
    { path: selfSigned('ec', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256') },
  ],
  'an RSA key under 2048 bits': () => [
    withLeaf(pkcs8(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)),
    { path: selfSigned('small', '-newkey', 'rsa:1024') },
  ],
  'no certificate, only a request, or PKCS#7': () => {
    openssl('crl2pkcs7', '-nocrl', '-certfile', issued.files.leaf, '-out', 'chain.p7b')
    openssl('req', '-new', '-key', issued.files.key, '-subj', '/CN=leaf', '-out', 'leaf.csr')
    return [
      { path: issued.files.key },
      { path: [issued.files.key, folder.path('leaf.csr')] },
      { path: [issued.files.key, folder.path('chain.p7b')] },
    ]
  },
  'a public key where the certificate belongs': () => [
    { pem: `${issued.pem.key}${createPublicKey(key).export({ format: 'pem', type: 'spki' })}` },
  ],
  'a certificate that is none': () => [{ pem: issued.pem.key + toPem('CERTIFICATE', Buffer.alloc(100, 1)) }],
  'several pairs, or several certificates for one key': () => {
    openssl('req', '-x509', '-key', issued.files.key, '-subj', '/CN=again', '-out', 'again.pem')
    return [
      { path: [issued.files.key, issued.files.leaf, ...selfSigned('second', '-newkey', 'rsa:2048')] },
      { path: [issued.files.key, issued.files.leaf, folder.path('again.pem')] },
    ]
  },
  'a key and a certificate that do not belong together': () => [withLeaf(pkcs8(other))],
  "an expired certificate, with `outsideDates: 'refuse'`": () => [
    { pem: both(), outsideDates: 'refuse', now: () => Date.now() + 366 * day },
  ],
  "a certificate that is not yet valid, with `outsideDates: 'refuse'`": () => [
    { pem: both(), outsideDates: 'refuse', now: () => Date.now() - day },
  ],
}

const page = readFileSync(new URL('../../../../docs/keys.md', import.meta.url), 'utf8')
const documented = new Map(
  [...page.matchAll(/^\| (.+) \| (?:`(ERR_\w+)`|loads) \|$/gm)].map(([, what = '', code]) => [what, code]),
)

test('docs/keys.md lists what is tried here, and nothing else', () => {
  assert.deepEqual([...documented.keys()], Object.keys(rows))
})

describe('as docs/keys.md says', skipWithoutOpenssl, () => {
  before(() => {
    issued = issueChain()
    key = createPrivateKey(issued.pem.key)
    other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  })

  for (const [what, code] of documented) {
    test(`${what}: ${code ?? 'loads'}`, async () => {
      for (const source of rows[what]?.() ?? []) {
        if (code === undefined) await assertLoads(source)
        else await assert.rejects(loadCredential(source), (error: CertificateError) => isRefusal(error, code))
      }
    })
  }
})

async function assertLoads(source: Source) {
  const { certificate, signer } = await loadCredential(source)
  assert.equal(certificate.subject, 'O=Contoso, CN=leaf')
  const data = Buffer.from('data')
  const { publicKey } = new X509Certificate(issued.pem.leaf)
  assert.ok(verify('sha256', data, publicKey, await signer.sign('RS256', data)))
}

/** In lower case, without a period, with a hint, and with nothing that could be a secret. */
function isRefusal(error: CertificateError, code: string): true {
  assert.deepEqual([error.name, error.code], ['CertificateError', code])
  const said = `${error.message}\n${error.hint}`
  assert.doesNotMatch(said, /^[A-Z]|\.$|undefined|correct horse|[A-Za-z0-9+/]{50}/m)
  return true
}
