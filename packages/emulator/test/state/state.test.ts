import assert from 'node:assert/strict'
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { DataFolderError } from '../../src/file/data-folder-error.ts'
import { startEmulator } from '../../src/start-emulator.ts'
import { openState } from '../../src/state/state.ts'
import { createSigningKeys } from '../../src/token/signing-keys.ts'
import { certify } from '../support/stage.ts'
import { controlOf, newFolder, open, seed, start } from './folders.ts'
import './kept-weather.ts'
import './not-kept.ts'
import './processes.ts'

test('what was registered is there at the next start, and the text of the file the same', async () => {
  const folder = newFolder()
  const first = open(folder)
  const control = controlOf(first)
  const { appId } = control.addApp({ name: 'billing', secrets: ['s3cret'] })
  control.addCertificate({ appId, certificate: await certify() })
  control.grantRole({
    clientAppId: appId,
    resourceAppId: '00000003-0000-0000-c000-000000000000',
    role: 'Application.Read.All',
  })
  const exported = control.exportSeed()
  first.close()
  const text = readFileSync(join(folder, 'state.json'), 'utf8')
  assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(exported)))
  assert.ok(!text.includes('s3cret'))

  const second = open(folder, start + 86_400_000)
  assert.deepEqual(controlOf(second).exportSeed(), exported)
  second.close()
  assert.equal(readFileSync(join(folder, 'state.json'), 'utf8'), text)

  // A seed is not planted where there is a state, but a wrong one is an error all the same.
  assert.throws(() => openState({ folder, seed: { tenants: [] }, now: () => start }), {
    name: 'DefinitionError',
  })
  openState({
    folder,
    seed: { tenants: [{ id: '5d2cf5b0-7c39-4b7e-9f0e-3a1c9d1e6b42' }] },
    now: () => start,
  }).close()
  assert.equal(readFileSync(join(folder, 'state.json'), 'utf8'), text)
})

test('signing keys are kept, so that tokens of before a restart stay valid; damaged ones are refused without a word of them', async () => {
  const folder = newFolder()
  const first = open(folder)
  const options = { now: () => start, longestLifetimeMs: 3_600_000 }
  const keys = await createSigningKeys({ ...options, store: first.signingKeys })
  await keys.roll()
  const published = await keys.published()
  first.close()
  const second = open(folder)
  const store = second.signingKeys
  const again = await createSigningKeys({ ...options, store })
  assert.equal(again.current().kid, keys.current().kid)
  assert.deepEqual(
    (await again.published()).map(({ kid, n }) => [kid, n]),
    published.map(({ kid, n }) => [kid, n]),
  )
  assert.ok(again.current().privateKey.equals(keys.current().privateKey))

  const path = join(folder, 'signing-keys.json')
  const text = readFileSync(path, 'utf8')
  const damaged = [
    [text.slice(0, text.length / 2), /signing-keys\.json is not JSON/],
    [text.replace('BEGIN PRIVATE', 'BEGIN'), /signing-keys\.json: keys\[0\]\.privateKey: not a private key$/],
    [text.replace('"current"', '"next"'), /signing-keys\.json: keys: none of them is the current one$/],
  ] as const
  for (const [wrong, message] of damaged) {
    writeFileSync(path, wrong)
    await assert.rejects(createSigningKeys({ ...options, store }), (error: unknown) => {
      assert.ok(error instanceof DataFolderError)
      assert.match(error.message, message)
      return !/MII|BEGIN/.test(error.message)
    })
  }
  second.close()
})

test('an emulator keeps all of it for its owner alone, and gives the folder back', {
  skip: process.platform === 'win32',
}, async (t) => {
  const folder = join(newFolder(), 'deep', 'er')
  const entra = await startEmulator({ dataFolder: folder })
  t.after(() => entra.stop())
  await assert.rejects(startEmulator({ dataFolder: folder, http: true }), {
    name: 'DataFolderError',
    message: `${folder} is in use by process ${process.pid}; end it, or name another folder`,
  })
  const { appId } = entra.addApp({ name: 'kept' })
  await entra.stop()
  const modes = readdirSync(folder).map((name) => [
    name,
    (statSync(join(folder, name)).mode & 0o777).toString(8),
  ])
  assert.deepEqual(Object.fromEntries(modes), {
    'ca-key.pem': '600',
    'ca.pem': '644',
    'server.pem': '600',
    'signing-keys.json': '600',
    'state.json': '600',
  })
  assert.equal((statSync(folder).mode & 0o777).toString(8), '700')

  assert.deepEqual(entra.warnings, [])

  const loosened = ['ca-key.pem', 'server.pem', 'signing-keys.json'].map((name) => join(folder, name))
  for (const path of [...loosened, join(folder, 'state.json')]) chmodSync(path, 0o640)
  const again = await startEmulator({ dataFolder: folder, caFolder: folder })
  t.after(() => again.stop())
  for (const path of loosened) assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(
    again.warnings,
    loosened.map((path) => `other users could read ${path} until now; remove it to have a new key made`),
  )
  assert.equal(again.caPem, entra.caPem)
  assert.ok(again.exportSeed().tenants[0]?.apps?.some((app) => app.appId === appId))
})

const weatherWith = (different: object) => {
  const fault = { kind: 'latency', ms: 5 }
  const armed = { id: 'w1', armedAt: '2030-01-31T12:00:00Z', hits: 0, chance: 1, fault, ...different }
  return JSON.stringify({ version: 1, clock: { offsetMs: 0 }, armed: [armed] })
}

const files: readonly [what: string, file: string, text: string, message: RegExp][] = [
  ['text cut off', 'state.json', '{"tenants": [', /state\.json is not JSON/],
  ['an empty file', 'state.json', '', /state\.json is not JSON/],
  [
    'a wrong member',
    'state.json',
    JSON.stringify({ tenants: [{ ...seed.tenants[0], apps: [{ name: 'a' }, { name: 1 }] }] }),
    /state\.json: tenants\[0\]\.apps\[1\]\.name: expected a non-empty string$/,
  ],
  [
    'a newer format',
    'state.json',
    JSON.stringify({ version: 7, tenants: 'different' }),
    /state\.json: version: 7 is of a newer emulator; this one reads version 1$/,
  ],
  [
    'a fault that cannot be',
    'weather.json',
    weatherWith({ fault: { kind: 'hail' } }),
    /weather\.json: armed\[0\]\.fault\.kind: expected latency or/,
  ],
  [
    'a fault that was met as often as it may be',
    'weather.json',
    weatherWith({ remaining: 0 }),
    /weather\.json: armed\[0\]\.remaining: expected a whole number from 1 /,
  ],
  [
    'a fault armed at no time',
    'weather.json',
    weatherWith({ armedAt: 'x' }),
    /weather\.json: armed\[0\]\.armedAt: expected a date such as /,
  ],
]
for (const [what, file, text, message] of files) {
  test(`${what} is refused, and left as it is`, () => {
    const folder = newFolder()
    writeFileSync(join(folder, file), text)
    assert.throws(
      () => open(folder),
      (error: unknown) => error instanceof DataFolderError && message.test(error.message),
    )
    assert.equal(readFileSync(join(folder, file), 'utf8'), text)
    rmSync(join(folder, file))
    open(folder).close()
  })
}

test('a device in the place of a file is refused unread', {
  skip: process.platform === 'win32' && 'no devices',
}, () => {
  const folder = newFolder()
  for (const file of ['state.json', 'weather.json', 'lock']) {
    symlinkSync('/dev/null', join(folder, file))
    assert.throws(() => open(folder), { name: 'DataFolderError', message: /is not a file$/ })
    rmSync(join(folder, file))
  }
})
