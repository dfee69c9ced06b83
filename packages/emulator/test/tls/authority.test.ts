import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { get, type RequestOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { issueCertificate } from '../../src/certificate/issue-certificate.ts'
import type { Emulator } from '../../src/emulator.ts'
import { startEmulator } from '../../src/start-emulator.ts'
import { issueServerCertificate, openAuthority } from '../../src/tls/authority.ts'

const now = Date.now()
const yearMs = 365 * 86_400_000
let folder: string
let entra: Emulator
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'x5t-ca-'))
  entra = await startEmulator()
})
after(async () => {
  await entra.stop()
  rmSync(folder, { recursive: true, force: true })
})

function statusOf(options: RequestOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const url = `https://127.0.0.1:${entra.port}/healthz`
    get(url, { agent: false, ...options }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    }).on('error', reject)
  })
}

const names = [
  'localhost',
  'login.microsoftonline.com',
  'login.windows.net',
  'login.microsoft.com',
  'sts.windows.net',
  'graph.microsoft.com',
]
for (const servername of names) {
  test(`a client that trusts the authority reaches the emulator as ${servername}`, async () => {
    assert.equal(await statusOf({ ca: entra.caPem, servername, headers: { host: servername } }), 200)
  })
}

test('by address as well', async () => {
  assert.equal(await statusOf({ ca: entra.caPem }), 200)
})

test('a client that does not trust the authority, or asks for another name, does not reach it', async () => {
  await assert.rejects(statusOf({}), { code: /SELF_SIGNED|UNABLE_TO/ })
  await assert.rejects(statusOf({ ca: entra.caPem, servername: 'example.com' }), {
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  })
})

const openssl = spawnSync('openssl', ['version']).status === 0
const skip = openssl ? false : 'openssl is not on this machine'

/** What openssl says of a certificate for `host` by the authority. */
async function opensslVerify(host: string): Promise<{ status: number | null; output: string }> {
  const authority = await openAuthority(undefined, now)
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = { commonName: 'x5t emulator, not Microsoft', privateKey: authority.privateKey }
  const dates = { notBefore: now - 1000, notAfter: now + yearMs }
  const der = await issueCertificate({
    commonName: 'x',
    publicKey,
    issuer,
    ...dates,
    purpose: { servesHosts: [host] },
  })
  writeFileSync(join(folder, 'root.pem'), authority.certificate.toString())
  writeFileSync(join(folder, 'leaf.pem'), new X509Certificate(der).toString())
  const paths = ['-CAfile', join(folder, 'root.pem'), join(folder, 'leaf.pem')]
  const { status, stdout, stderr } = spawnSync('openssl', [
    'verify',
    '-x509_strict',
    '-purpose',
    'sslserver',
    ...paths,
  ])
  return { status, output: `${stdout}${stderr}` }
}

test('openssl accepts certificates for the emulator’s names', { skip }, async () => {
  for (const host of ['localhost', '127.0.0.1', '::1', 'login.microsoftonline.com']) {
    const { status, output } = await opensslVerify(host)
    assert.equal(status, 0, output)
  }
})

test('openssl refuses whatever else the authority would vouch for', { skip }, async () => {
  for (const host of ['example.com', 'www.microsoft.com', '10.0.0.1']) {
    const { status, output } = await opensslVerify(host)
    assert.notEqual(status, 0)
    assert.match(output, /permitted subtree violation/)
  }
})

test('the server shows a certificate that lives 397 days', async () => {
  const authority = await openAuthority(undefined, now)
  const x509 = new X509Certificate((await issueServerCertificate(authority, now)).cert)
  assert.ok(x509.verify(authority.certificate.publicKey))
  assert.equal(Date.parse(x509.validTo), Math.floor((now + 397 * 86_400_000) / 1000) * 1000)
  assert.equal(x509.ca, false)
  assert.equal(authority.certificate.ca, true)
})

test('an authority is kept in its folder, its key for the owner only, and found again', async () => {
  const caFolder = join(folder, 'kept')
  const made = await openAuthority(caFolder, now)
  const found = await openAuthority(caFolder, now + yearMs)
  assert.equal(found.certificate.fingerprint256, made.certificate.fingerprint256)
  assert.deepEqual(readdirSync(caFolder).sort(), ['ca-key.pem', 'ca.pem'])
  assert.equal(readFileSync(join(caFolder, 'ca.pem'), 'utf8'), made.certificate.toString())
  if (process.platform !== 'win32') assert.equal(statSync(join(caFolder, 'ca-key.pem')).mode & 0o777, 0o600)
})

test('an authority near its end is made anew', async () => {
  const caFolder = join(folder, 'old')
  const made = await openAuthority(caFolder, now)
  const renewed = await openAuthority(caFolder, now + 9 * yearMs)
  assert.notEqual(renewed.certificate.fingerprint256, made.certificate.fingerprint256)
  assert.equal(readFileSync(join(caFolder, 'ca.pem'), 'utf8'), renewed.certificate.toString())
})

const strangers: readonly [what: string, text: string][] = [
  ['half a key file', '-----BEGIN PRIVATE KEY-----\nMIG'],
  ['an empty key file', ''],
  ['a key file of something else', 'x'],
]
for (const [what, text] of strangers) {
  test(`${what} is left as it is, and the error says what to do`, async () => {
    const caFolder = mkdtempSync(join(folder, 'damaged-'))
    const file = join(caFolder, 'ca-key.pem')
    writeFileSync(file, text)
    await assert.rejects(
      openAuthority(caFolder, now),
      /damaged-.* cannot be read; remove ca-key\.pem there to have a new one/,
    )
    assert.equal(readFileSync(file, 'utf8'), text)
  })
}

test('a lost or changed ca.pem is written again from the key file', async () => {
  const caFolder = mkdtempSync(join(folder, 'lost-'))
  const made = await openAuthority(caFolder, now)
  writeFileSync(join(caFolder, 'ca.pem'), 'x')
  assert.equal((await openAuthority(caFolder, now)).certificate.toString(), made.certificate.toString())
  assert.equal(readFileSync(join(caFolder, 'ca.pem'), 'utf8'), made.certificate.toString())
})

test('emulators that start at once in an empty folder agree on one authority', async () => {
  const caFolder = join(folder, 'race')
  const all = await Promise.all(Array.from({ length: 8 }, () => openAuthority(caFolder, now)))
  assert.equal(new Set(all.map(({ certificate }) => certificate.fingerprint256)).size, 1)
  assert.deepEqual(readdirSync(caFolder).sort(), ['ca-key.pem', 'ca.pem'])
})

test('the emulator’s clock has no say in its TLS certificate', async () => {
  const moved = await startEmulator({ now: () => Date.parse('2001-01-01'), caFolder: join(folder, 'clock') })
  try {
    const [path, ca] = [`${moved.url}/healthz`, moved.caPem]
    const date = await new Promise((resolve, reject) => {
      get(path, { ca, agent: false }, (response) => resolve(response.resume().headers.date)).on(
        'error',
        reject,
      )
    })
    assert.equal(date, 'Mon, 01 Jan 2001 00:00:00 GMT')
  } finally {
    await moved.stop()
  }
})
