import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { refuseExisting, writeFiles } from '../src/write-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'x5t-write-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string) => join(folder, name)
const pair = () =>
  [
    { path: at('key.pem'), text: 'new key', mode: 0o600 },
    { path: at('cert.pem'), text: 'new certificate', mode: 0o644 },
  ] as const
const mode = (name: string) => statSync(at(name)).mode & 0o777

test('a secret is readable by its owner only, whatever the umask and whatever was there', async () => {
  const before = process.umask(0)
  try {
    writeFileSync(at('key.pem'), 'old', { mode: 0o644 })
    await writeFiles(pair(), true)
  } finally {
    process.umask(before)
  }
  assert.equal(readFileSync(at('key.pem'), 'utf8'), 'new key')
  if (process.platform !== 'win32') assert.deepEqual([mode('key.pem'), mode('cert.pem')], [0o600, 0o644])
  assert.deepEqual(readdirSync(folder).sort(), ['cert.pem', 'key.pem'])
})

for (const existing of ['key.pem', 'cert.pem']) {
  test(`without replace, an existing ${existing} keeps both files from being written`, async () => {
    writeFileSync(at(existing), 'old')
    await assert.rejects(writeFiles(pair(), false), {
      code: 'ERR_FILE_EXISTS',
      message: `${at(existing)} exists`,
    })
    assert.deepEqual(readdirSync(folder), [existing])
    assert.equal(readFileSync(at(existing), 'utf8'), 'old')
  })
}

test('a folder that does not exist is named, and nothing is left behind', async () => {
  const files = [...pair(), { path: at('gone/x.pem'), text: 'x', mode: 0o600 } as const]
  await assert.rejects(writeFiles(files, true), {
    code: 'ERR_FILE_UNWRITABLE',
    message: `${at('gone/x.pem')} cannot be written: there is no folder ${at('gone')}`,
  })
  assert.deepEqual(readdirSync(folder), [])
})

test('of two writers that start together one wins whole', async () => {
  const outcomes = await Promise.allSettled([writeFiles(pair(), false), writeFiles(pair(), false)])
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  assert.deepEqual(readdirSync(folder).sort(), ['cert.pem', 'key.pem'])
})

test('refuseExisting names every file that exists', async () => {
  writeFileSync(at('a'), '')
  writeFileSync(at('b'), '')
  await refuseExisting([at('c')])
  await assert.rejects(refuseExisting([at('a'), at('b'), at('c')]), {
    message: `${at('a')} and ${at('b')} exist`,
  })
})
