import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { createFileStore } from '../../../src/cache/file/file-store.ts'

const root = mkdtempSync(join(tmpdir(), 'x5t-store-'))
after(() => rmSync(root, { recursive: true, force: true }))
let now: number
let folder: string
beforeEach(() => {
  now = 1_000_000
  folder = mkdtempSync(join(root, 'f-'))
  rmSync(folder, { recursive: true })
})
const open = () => createFileStore({ folder, now: () => now })
const bytes = Buffer.from('sealed')
const only = () => {
  const [name = '', ...others] = readdirSync(folder)
  assert.deepEqual(others, [])
  return join(folder, name)
}
const windows = process.platform === 'win32'

for (const [name, options] of [
  ['folder', undefined],
  ['folder', {}],
  ['folder', { folder: '' }],
  ['now', { folder: 'x', now: 5 }],
] as const) {
  test(`options ${JSON.stringify(options)} are refused for their ${name}`, () => {
    const create = createFileStore as (options: unknown) => unknown // as JavaScript sees it
    assert.throws(() => create(options), { name: 'TypeError', message: new RegExp(`^${name} must be `) })
  })
}

test('what one process keeps another reads, in files that nobody else can', async () => {
  const umask = process.umask(0)
  try {
    await open().set('a', bytes, now + 1_000)
  } finally {
    process.umask(umask)
  }
  assert.deepEqual(await open().get('a'), bytes)
  assert.equal(await open().get('b'), undefined)
  if (!windows)
    assert.deepEqual([statSync(folder).mode & 0o777, statSync(only()).mode & 0o777], [0o700, 0o600])
})

test('a name is no path, whatever is in it', async () => {
  await open().set('../../etc/passwd\0', bytes, now + 1_000)
  assert.match(only(), /[0-9a-f]{40}\.token$/)
})

test('a file that is cut short, empty, a folder or too large counts as not there', async () => {
  await open().set('a', bytes, now + 1_000)
  const path = only()
  truncateSync(path, 8)
  assert.equal(await open().get('a'), undefined)
  truncateSync(path, 0)
  assert.equal(await open().get('a'), undefined)
  writeFileSync(path, Buffer.alloc(262_145))
  assert.equal(await open().get('a'), undefined)
  rmSync(path)
  mkdirSync(path)
  assert.equal(await open().get('a'), undefined)
})

test('what has ended leaves as others come; what is foreign stays', async () => {
  await open().set('a', bytes, now + 1_000)
  await open().set('b', bytes, now + 5_000)
  writeFileSync(join(folder, 'README'), 'mine')
  writeFileSync(join(folder, `${'0'.repeat(40)}.0-draft`), 'left behind')
  utimesSync(join(folder, `${'0'.repeat(40)}.0-draft`), 0, 0)
  now += 1_000
  await open().set('c', bytes, now + 1_000)
  assert.equal(await open().get('a'), undefined)
  assert.deepEqual(await open().get('b'), bytes)
  assert.deepEqual(
    readdirSync(folder).filter((name) => !name.endsWith('.token')),
    ['README'],
  )
})

test('what has ended leaves by a clock with fractions of a millisecond too', async () => {
  await open().set('a', bytes, now + 1_000)
  now += 1_000.5
  await open().set('b', bytes, now + 1_000)
  assert.deepEqual([await open().get('a'), await open().get('b')], [undefined, bytes])
})

test('what cannot be read in the folder does not fail what is kept', {
  skip: windows && 'no links',
}, async () => {
  mkdirSync(folder)
  const path = join(folder, `${'0'.repeat(40)}.token`)
  symlinkSync(path, path)
  await open().set('a', bytes, now + 1_000)
  assert.deepEqual(await open().get('a'), bytes)
})

test('an abandoned folder where a lease belongs does not fail what is kept', async () => {
  const lease = join(folder, `${'0'.repeat(40)}.lease`)
  mkdirSync(lease, { recursive: true })
  utimesSync(lease, 0, 0)
  now = Date.now()
  await open().set('a', bytes, now + 1_000)
  assert.deepEqual(await open().get('a'), bytes)
})

test('a lease that is over is tidied away, and one that is held is not, however old the file', async () => {
  const lease = join(folder, `${'0'.repeat(40)}.lease`)
  mkdirSync(folder)
  for (const [until, stays] of [
    [9_000, true],
    [-1, false],
  ] as const) {
    now = Date.now()
    writeFileSync(
      lease,
      JSON.stringify({ id: 'x', host: 'elsewhere', pid: 1, until: now + until, ttlMs: 30_000 }),
    )
    utimesSync(lease, 0, 0)
    await open().set('a', bytes, now + 1_000)
    assert.equal(existsSync(lease), stays)
  }
  assert.match(only(), /\.token$/)
})

test('a pipe where a token belongs holds nobody', {
  skip: windows && 'no pipes',
  timeout: 5_000,
}, async (t) => {
  await open().set('a', bytes, now + 1_000)
  const path = only()
  rmSync(path)
  assert.equal(spawnSync('mkfifo', [path]).status, 0)
  // Whoever waited for a writer all the same is let go, so that the test fails and ends.
  t.after(() => closeSync(openSync(path, 'r+')))
  assert.equal(await open().get('a'), undefined)
})

test('one holds a lease at a time, and gives it back', async () => {
  const lease = await open().lease('a', 30_000)
  assert.ok(lease)
  assert.equal(await open().lease('a', 30_000), undefined)
  assert.ok(await open().lease('b', 30_000))
  await lease.release()
  assert.ok(await open().lease('a', 30_000))
})

test('a lease of a process that died, that is too old, or from the future is taken over, once', async () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  const until = now + 30_000
  const self = { id: 'x', host: hostname(), pid: process.pid, ttlMs: 30_000 }
  for (const [what, holder, expected] of [
    ['a process that died', { ...self, pid: dead, until }, 1],
    ['too old', { ...self, until: now - 1 }, 1],
    ['from the future', { ...self, until: now + 60_001 }, 1],
    ['alive', { ...self, until }, 0],
    ['alive, for longer than we would be', { ...self, until: now + 300_000, ttlMs: 300_000 }, 0],
    ['of another machine', { ...self, host: 'elsewhere', pid: dead, until }, 0],
  ] as const) {
    await (await open().lease('a', 30_000))?.release()
    const probe = await open().lease('a', 30_000)
    const path = only()
    await probe?.release()
    writeFileSync(path, JSON.stringify(holder))
    const taken = await Promise.all(Array.from({ length: 10 }, () => open().lease('a', 30_000)))
    assert.equal(taken.filter((lease) => lease !== undefined).length, expected, what)
    rmSync(folder, { recursive: true })
  }
})

test('a lease that is not ours any more is not given back', async () => {
  const late = await open().lease('a', 30_000)
  now += 30_001
  const taken = await open().lease('a', 30_000)
  await late?.release()
  assert.ok(taken && existsSync(only()))
})

test('a broken lease counts until its maker must have died', async () => {
  const lease = await open().lease('a', 30_000)
  const path = only()
  await lease?.release()
  writeFileSync(path, '{"id":')
  now = Date.now()
  assert.equal(await open().lease('a', 30_000), undefined)
  now += 10_000
  assert.ok(await open().lease('a', 30_000))
})

test('a folder that cannot be made or written is an error with its reason', async () => {
  writeFileSync(folder, '')
  await assert.rejects(open().set('a', bytes, now + 1), { code: 'EEXIST' })
  await assert.rejects(open().lease('a', 1), { code: 'EEXIST' })
  assert.equal(await open().get('a'), undefined)
})
