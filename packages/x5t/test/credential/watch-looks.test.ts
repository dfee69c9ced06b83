import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { closeSync, constants, openSync, rmSync } from 'node:fs'
import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { after, before, beforeEach, mock, test } from 'node:test'
import { type GeneratedCertificate, generateCertificate } from '../../src/certificate/generate-certificate.ts'
import { watchCredential } from '../../src/credential/watch-credential.ts'
import { folder } from '../support/openssl.ts'

/** When watched files are read: with a passphrase that is asked for, each reading can be counted. */

let own: GeneratedCertificate
let locked: GeneratedCertificate
const outcomes: string[] = []
const listen = (message: unknown) => outcomes.push(Object(message).outcome)
const paths = [folder.path('watched.key'), folder.path('watched.crt')] as const
const put = (key: string, certificate: string) => {
  folder.write('watched.key', key)
  folder.write('watched.crt', certificate)
}
const asked = mock.fn(async (): Promise<string | undefined> => 'secret')
const open = (passphrase: string | typeof asked = asked) => watchCredential({ path: paths, passphrase })

before(async () => {
  own = await generateCertificate({ commonName: 'own' })
  locked = await generateCertificate({ commonName: 'locked' })
  // By few rounds of key derivation: a look is waited for 2 s, on a busy machine too.
  const locking = { format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'secret' } as const
  locked = { ...locked, privateKeyPem: String(createPrivateKey(locked.privateKeyPem).export(locking)) }
  subscribe('x5t:adoption', listen)
})
after(() => unsubscribe('x5t:adoption', listen))
beforeEach(() => {
  put(own.privateKeyPem, own.certificatePem)
  asked.mock.resetCalls()
  outcomes.length = 0
})

test('files that have not changed since the start are not read again', async () => {
  const source = await open()
  await source.current()
  await source.current()
  assert.equal(asked.mock.callCount(), 1)
})

/** On some file systems one of them is all that a change shows. */
for (const field of ['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs']) {
  for (const path of paths) {
    test(`another ${field} of ${path === paths[0] ? 'the first' : 'the second'} file is a change`, async (context) => {
      const source = await open()
      const { stat } = files
      context.mock.method(files, 'stat', async (...given: Parameters<typeof stat>) => {
        const stats = await stat(...given)
        const seen = Reflect.get(stats, field)
        return given[0] === path && typeof seen === 'bigint'
          ? Object.assign(stats, { [field]: seen + 1n })
          : stats
      })
      syncBuiltinESMExports()
      await source.current()
      await source.current()
      context.mock.restoreAll()
      syncBuiltinESMExports()
      assert.equal(asked.mock.callCount(), 2)
    })
  }
}

test('a passphrase in a string opens the first files and those that come later', async () => {
  put(locked.privateKeyPem, locked.certificatePem)
  const source = await open('secret')
  assert.equal((await source.current()).certificate.subject, 'CN=locked')
  put(own.privateKeyPem, own.certificatePem)
  assert.equal((await source.current()).certificate.subject, 'CN=own')
  put(locked.privateKeyPem, locked.certificatePem)
  assert.equal((await source.current()).certificate.subject, 'CN=locked')
})

for (const late of ['of the key before', undefined]) {
  test(`files are read again until the passphrase fits that was ${late ?? 'none'} at first`, async () => {
    const source = await open()
    put(locked.privateKeyPem, locked.certificatePem)
    asked.mock.mockImplementationOnce(async () => late, 1)
    assert.equal((await source.current()).certificate.subject, 'CN=own')
    assert.equal((await source.current()).certificate.subject, 'CN=locked')
    assert.deepEqual(outcomes, ['kept', 'loaded'])
  })
}

const useless: readonly [what: string, passphrase: string | typeof asked, put: () => void][] = [
  ['half a file', 'secret', () => put(own.privateKeyPem.slice(0, 400), own.certificatePem)],
  ['half a file, by who asks', asked, () => put(own.privateKeyPem.slice(0, 400), own.certificatePem)],
  ['another passphrase', 'another', () => put(locked.privateKeyPem, locked.certificatePem)],
]
for (const [what, passphrase, put] of useless) {
  test(`${what} is read once, until the files change`, async () => {
    const source = await open(passphrase)
    put()
    await source.current()
    await source.current()
    assert.deepEqual(outcomes, ['kept'])
    assert.ok(asked.mock.callCount() <= 2)
  })
}

for (const [place, path] of Object.entries({ first: paths[0], second: paths[1] })) {
  test(`a pipe in the place of the ${place} file is not waited for`, {
    skip: process.platform === 'win32' && 'Windows has no such files',
    timeout: 10_000,
  }, async (context) => {
    const source = await open()
    rmSync(path)
    execFileSync('mkfifo', ['-m', '600', path])
    context.after(() => {
      closeSync(openSync(path, constants.O_RDWR)) // or who waits for it would hold up the end of this process
      rmSync(path)
    })
    assert.equal((await source.current()).certificate.subject, 'CN=own')
    assert.deepEqual(outcomes, ['kept'])
  })
}
