import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openAuthority } from '../../src/tls/authority.ts'
import { openServerCertificate } from '../../src/tls/server-certificate.ts'

const now = Date.parse('2026-09-14T08:12:31Z')
const dayMs = 86_400_000
const root = mkdtempSync(join(tmpdir(), 'x5t-server-certificate-'))
after(() => rmSync(root, { recursive: true, force: true }))

async function newFolder() {
  const folder = mkdtempSync(join(root, 'x'))
  const authority = await openAuthority(folder, now)
  return { folder, authority, made: await openServerCertificate(authority, folder, now) }
}

test('the server’s certificate is kept for the owner only, and found again', async () => {
  const { folder, authority, made } = await newFolder()
  const found = await openServerCertificate(authority, folder, now + 366 * dayMs)
  assert.deepEqual(found, made)
  if (process.platform !== 'win32') assert.equal(statSync(join(folder, 'server.pem')).mode & 0o777, 0o600)
})

test('one near its end is made anew', async () => {
  const { folder, authority, made } = await newFolder()
  assert.notEqual((await openServerCertificate(authority, folder, now + 368 * dayMs)).cert, made.cert)
})

test('one of another authority, or from before the clock, is made anew', async () => {
  const { folder, made } = await newFolder()
  const other = await openAuthority(undefined, now)
  const renewed = await openServerCertificate(other, folder, now)
  assert.ok(new X509Certificate(renewed.cert).verify(other.certificate.publicKey))
  assert.notEqual(renewed.cert, made.cert)
  assert.notEqual((await openServerCertificate(other, folder, now - dayMs)).cert, renewed.cert)
})

const damages: readonly [what: string, damage: (text: string, other: string) => string][] = [
  ['cut', (text) => text.slice(0, 300)],
  ['empty', () => ''],
  [
    'half another one',
    (text, other) =>
      other.slice(0, other.indexOf('-----BEGIN CERT')) + text.slice(text.indexOf('-----BEGIN CERT')),
  ],
]
for (const [what, damage] of damages) {
  test(`a file that is ${what} is replaced by a good one`, async () => {
    const { folder, authority } = await newFolder()
    const file = join(folder, 'server.pem')
    const other = await newFolder()
    writeFileSync(
      file,
      damage(readFileSync(file, 'utf8'), readFileSync(join(other.folder, 'server.pem'), 'utf8')),
    )
    const made = await openServerCertificate(authority, folder, now)
    assert.deepEqual(await openServerCertificate(authority, folder, now), made)
    assert.equal(readFileSync(file, 'utf8'), made.key + made.cert)
  })
}

test('a device in its place is refused unread', {
  skip: process.platform === 'win32' && 'no devices',
}, async () => {
  const { folder, authority } = await newFolder()
  rmSync(join(folder, 'server.pem'))
  symlinkSync('/dev/null', join(folder, 'server.pem'))
  await assert.rejects(openServerCertificate(authority, folder, now), { name: 'DataFolderError' })
})
