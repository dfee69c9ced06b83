import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { generateCertificate } from '../../src/certificate/generate-certificate.ts'
import { watchCredential } from '../../src/credential/watch-credential.ts'
import { deferred, settled } from '../support/deferred.ts'
import './watched-paths.ts'

type Pair = Awaited<ReturnType<typeof generateCertificate>>
let folder: string
let old: Pair
let next: Pair
let locked: Pair
const outcomes: string[] = []
const warnings: string[] = []
const listen = (message: unknown) => {
  outcomes.push(Object(message).outcome)
  warnings.push(...(Object(message).warnings ?? []))
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'x5t-watch-'))
  ;[old, next, locked] = await Promise.all([
    generateCertificate({ commonName: 'old' }),
    generateCertificate({ commonName: 'next' }),
    generateCertificate({ commonName: 'locked' }),
  ])
  // By few rounds of key derivation: a look is waited for 2 s, on a busy machine too.
  const locking = { format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'secret' } as const
  locked = { ...locked, privateKeyPem: String(createPrivateKey(locked.privateKeyPem).export(locking)) }
  subscribe('x5t:adoption', listen)
})
after(() => {
  unsubscribe('x5t:adoption', listen)
  rmSync(folder, { recursive: true, force: true })
})

const key = () => join(folder, 'key.pem')
const certificate = () => join(folder, 'certificate.pem')
beforeEach(() => {
  writeFileSync(key(), old.privateKeyPem)
  writeFileSync(certificate(), old.certificatePem)
  outcomes.length = 0
  warnings.length = 0
})
const open = () => watchCredential({ path: [key(), certificate()] })
const subjectOf = async (source: Awaited<ReturnType<typeof open>>) =>
  (await source.current()).certificate.subject

test('unchanged files are not loaded again', async () => {
  const source = await open()
  assert.equal(await source.current(), await source.current())
  assert.equal(source.previous?.(), undefined)
})

test('a pipe in the place of a file is not waited for, and one at the start is read once', {
  skip: process.platform === 'win32' && 'Windows has no such files',
  timeout: 10_000,
}, async () => {
  const source = await open()
  rmSync(key())
  execFileSync('mkfifo', ['-m', '600', key()])
  assert.equal(await subjectOf(source), 'CN=old')
  assert.equal(await subjectOf(source), 'CN=old')
  assert.deepEqual(outcomes, ['kept'])

  const opening = open()
  const file = join(folder, 'content.pem')
  writeFileSync(file, old.privateKeyPem)
  spawn('sh', ['-c', 'cat "$0" > "$1"', file, key()])
  const fromPipe = await opening
  assert.equal(await subjectOf(fromPipe), 'CN=old')
  rmSync(key())
})

test('two separate writes: the old pair serves between them, the new one after both', async () => {
  const source = await open()
  writeFileSync(key(), next.privateKeyPem)
  assert.equal(await subjectOf(source), 'CN=old')
  writeFileSync(certificate(), next.certificatePem)
  assert.equal(await subjectOf(source), 'CN=next')
  assert.equal(source.previous?.()?.certificate.subject, 'CN=old')
  assert.deepEqual(outcomes, ['kept', 'loaded'])
})

test('a rename over the file is seen', async () => {
  const path = join(folder, 'pair.pem')
  writeFileSync(path, old.privateKeyPem + old.certificatePem)
  const source = await watchCredential({ path })
  writeFileSync(`${path}.new`, next.privateKeyPem + next.certificatePem)
  renameSync(`${path}.new`, path)
  assert.equal(await subjectOf(source), 'CN=next')
})

test('a symbolic link that is swapped is seen, as Kubernetes mounts secrets', {
  skip: process.platform === 'win32' && 'links need rights on Windows',
}, async () => {
  const place = (name: string, { privateKeyPem, certificatePem }: Pair) => {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'tls.pem'), privateKeyPem + certificatePem)
  }
  place('v1', old)
  place('v2', next)
  symlinkSync('v1', join(folder, '..data'))
  const source = await watchCredential({ path: join(folder, '..data', 'tls.pem') })
  symlinkSync('v2', join(folder, '..data_tmp'))
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
  assert.equal(await subjectOf(source), 'CN=next')
})

test('a passphrase that cannot be had for a moment delays the new files, and no more', async () => {
  let vaultAnswers = true
  const passphrase = async () => {
    if (!vaultAnswers) throw new Error('the vault does not answer')
    return 'secret'
  }
  const source = await watchCredential({ path: [key(), certificate()], passphrase })
  vaultAnswers = false
  writeFileSync(key(), locked.privateKeyPem)
  writeFileSync(certificate(), locked.certificatePem)
  assert.equal(await subjectOf(source), 'CN=old')
  vaultAnswers = true
  assert.equal(await subjectOf(source), 'CN=locked')
  assert.deepEqual(outcomes, ['kept', 'loaded'])
})

test('a passphrase function that hangs once holds a caller for 2 s, and the new files for a minute', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const asked = deferred<void>()
  let calls = 0
  const passphrase = () => {
    calls++
    if (calls === 2) asked.resolve()
    return calls === 2 ? new Promise<string>(() => {}) : Promise.resolve('secret')
  }
  const source = await watchCredential({ path: [key(), certificate()], passphrase })
  writeFileSync(key(), locked.privateKeyPem)
  writeFileSync(certificate(), locked.certificatePem)
  const waiting = subjectOf(source)
  await asked.promise
  context.mock.timers.tick(2_000)
  assert.equal(await waiting, 'CN=old')
  context.mock.timers.tick(57_999)
  await settled()
  assert.equal(await subjectOf(source), 'CN=old')
  assert.equal(calls, 2)
  context.mock.timers.tick(1)
  await settled()
  assert.equal(await subjectOf(source), 'CN=locked')
  assert.deepEqual(outcomes, ['kept', 'kept', 'loaded'])
})

test('a certificate outside its dates is refused where the caller says so, and one of tomorrow loads tomorrow', async () => {
  const { validFrom, validTo } = new X509Certificate(next.certificatePem)
  let time = Date.now()
  const options = { path: [key(), certificate()], outsideDates: 'refuse', now: () => time } as const
  const source = await watchCredential(options)
  time = Date.parse(validFrom) - 1_000
  writeFileSync(key(), next.privateKeyPem)
  writeFileSync(certificate(), next.certificatePem)
  assert.equal(await subjectOf(source), 'CN=old')
  time = Date.parse(validFrom) + 1_000
  assert.equal(await subjectOf(source), 'CN=next')
  assert.deepEqual(outcomes, ['kept', 'loaded'])
  time = Date.parse(validTo) + 1_000
  await assert.rejects(watchCredential(options), { code: 'ERR_CERT_EXPIRED' })
})

test('the new passphrase may come after the new file', async () => {
  let passphrase = 'of the key before'
  const source = await watchCredential({ path: [key(), certificate()], passphrase: async () => passphrase })
  writeFileSync(key(), locked.privateKeyPem)
  writeFileSync(certificate(), locked.certificatePem)
  assert.equal(await subjectOf(source), 'CN=old')
  passphrase = 'secret'
  assert.equal(await subjectOf(source), 'CN=locked')
  assert.deepEqual(outcomes, ['kept', 'loaded'])
})

test('one that is valid does not give way to one that has expired; one that has expired does', async () => {
  const { validTo } = new X509Certificate(old.certificatePem)
  let time = Date.now()
  const source = await watchCredential({ path: [key(), certificate()], now: () => time })
  const past = { days: 1, now: () => Date.now() - 3 * 86_400_000 }
  const expired = await generateCertificate({ commonName: 'expired', ...past })
  const put = () => {
    writeFileSync(key(), expired.privateKeyPem)
    writeFileSync(certificate(), expired.certificatePem)
  }
  put()
  assert.equal(await subjectOf(source), 'CN=old')
  time = Date.parse(validTo) + 1_000
  put()
  assert.equal(await subjectOf(source), 'CN=expired')
  assert.deepEqual(outcomes, ['kept', 'loaded'])
})

test('files that cannot be opened for a moment are looked at again', async (context) => {
  const source = await open()
  writeFileSync(key(), next.privateKeyPem)
  writeFileSync(certificate(), next.certificatePem)
  context.mock.method(files, 'open', () =>
    Promise.reject(Object.assign(new Error('busy'), { code: 'EMFILE' })),
  )
  syncBuiltinESMExports()
  assert.equal(await subjectOf(source), 'CN=old')
  context.mock.restoreAll()
  syncBuiltinESMExports()
  assert.equal(await subjectOf(source), 'CN=next')
  assert.deepEqual(outcomes, ['kept', 'loaded'])
})

test('what should be mended is said of the first files by the result, of later ones by the event', {
  skip: process.platform === 'win32' && 'files have no mode on Windows',
}, async () => {
  chmodSync(key(), 0o644)
  const source = await open()
  assert.match((await source.current()).warnings[0] ?? '', /can be read by other users/)
  writeFileSync(key(), next.privateKeyPem)
  writeFileSync(certificate(), next.certificatePem)
  await source.current()
  chmodSync(key(), 0o600)
  assert.match(warnings.join(), /can be read by other users/)
})

test('deletion for a moment, half a file and another passphrase change nothing', async () => {
  const source = await open()
  rmSync(key())
  assert.equal(await subjectOf(source), 'CN=old')
  writeFileSync(key(), next.privateKeyPem.slice(0, 400))
  assert.equal(await subjectOf(source), 'CN=old')
  writeFileSync(key(), locked.privateKeyPem)
  writeFileSync(certificate(), locked.certificatePem)
  assert.equal(await subjectOf(source), 'CN=old')
  assert.deepEqual(outcomes, ['kept', 'kept', 'kept'])
})

test('a hundred swaps under load: every caller gets a pair that belongs together', async () => {
  const path = join(folder, 'loaded.pem')
  const swap = ({ privateKeyPem, certificatePem }: Pair) => {
    writeFileSync(`${path}.new`, privateKeyPem + certificatePem)
    renameSync(`${path}.new`, path)
  }
  swap(old)
  const source = await watchCredential({ path })
  for (let n = 0; n < 100; n++) {
    swap(n % 2 === 0 ? next : old)
    const [{ certificate: seen }] = await Promise.all([source.current(), source.current(), source.current()])
    assert.equal(seen.subject, n % 2 === 0 ? 'CN=next' : 'CN=old')
  }
})

test('what cannot be loaded at the start is an error', async () => {
  rmSync(key())
  await assert.rejects(open(), { code: 'ERR_FILE_MISSING' })
})
