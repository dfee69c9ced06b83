import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { demo } from '../../src/directory/demo.ts'
import { replaceFile } from '../../src/file/kept-file.ts'
import { startEmulator } from '../../src/start-emulator.ts'
import { openState } from '../../src/state/state.ts'
import { createSigningKeys } from '../../src/token/signing-keys.ts'
import { certify } from '../support/stage.ts'
import { controlOf, newFolder, open, seed, start } from './folders.ts'

test('a change that cannot be written is not made, and is made once it can', async () => {
  const folder = newFolder()
  let full = false
  const state = openState({
    folder,
    seed,
    now: () => start,
    replace(path, text, mode) {
      if (full) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
      replaceFile(path, text, mode)
    },
  })
  const control = controlOf(state)
  const { appId } = control.addApp({ name: 'billing', secrets: ['s3cret'] })
  const { keyId } = control.addCertificate({ appId, certificate: await certify() })
  const removed = control.addCertificate({ appId, certificate: await certify() })
  control.removeCertificate({ appId, keyId: removed.keyId })
  const removals = () =>
    state.directory
      .registrations(appId)
      .flatMap(({ removedCertificates = [] }) =>
        removedCertificates.map(({ certificate }) => certificate.keyId),
      )
  const keys = await createSigningKeys({
    now: () => start,
    longestLifetimeMs: 3_600_000,
    store: state.signingKeys,
  })
  const kid = keys.current().kid
  const kept = control.exportSeed()
  const here = { endpoint: 'token/v2', tenant: undefined, appId } as const
  state.sky.arm({ kind: 'empty', count: 2 })
  const armed = state.sky.armed()
  const text = readFileSync(join(folder, 'state.json'), 'utf8')

  full = true
  const changes: readonly (() => unknown)[] = [
    () => control.addApp({ name: 'late', grants: [] }),
    () => control.removeCertificate({ appId, keyId }),
    () =>
      control.grantRole({
        clientAppId: appId,
        resourceAppId: '00000003-0000-0000-c000-000000000000',
        role: 'Mail.Send',
      }),
    () => control.removeApp({ appId }),
    () => control.importSeed({ tenants: [{ id: '5d2cf5b0-7c39-4b7e-9f0e-3a1c9d1e6b42' }] }),
    () => control.reset(),
  ]
  for (const change of changes) {
    assert.throws(change, {
      name: 'NotKeptError',
      message: 'the data folder cannot be written (ENOSPC); nothing was changed',
    })
    assert.deepEqual(control.exportSeed(), kept)
    assert.deepEqual(removals(), [removed.keyId])
  }
  const conditions: readonly (() => unknown)[] = [
    () => state.clock.advance(60),
    () => state.clock.freeze(),
    () => state.sky.arm({ kind: 'latency' }),
    () => state.sky.clear(),
    () => state.sky.meet(['empty'], here),
  ]
  for (const change of conditions) {
    assert.throws(change, { name: 'NotKeptError' })
    assert.deepEqual([state.clock.now(), state.sky.armed(), state.sky.spent()], [start, armed, []])
  }
  await assert.rejects(keys.roll(), { name: 'NotKeptError' })
  await assert.rejects(keys.published(), { name: 'NotKeptError' })
  assert.equal(keys.current().kid, kid)
  assert.equal(readFileSync(join(folder, 'state.json'), 'utf8'), text)

  full = false
  control.addApp({ name: 'late' })
  assert.notEqual((await keys.roll()).kid, kid)
  state.close()
  const again = open(folder)
  assert.deepEqual(controlOf(again).exportSeed(), control.exportSeed())
  again.close()
})

test('a client hears that its change was not kept: 507, from the JSON routes, Graph and the portal', async (t) => {
  const folder = join(newFolder(), 'data')
  const entra = await startEmulator({ dataFolder: folder, http: true })
  t.after(() => entra.stop())
  const post = (path: string, type: string, body: string, headers = {}) =>
    fetch(`${entra.url}${path}`, { method: 'POST', headers: { 'content-type': type, ...headers }, body })
  const form = 'application/x-www-form-urlencoded'
  const asked = await post(
    '/contoso.onmicrosoft.com/oauth2/v2.0/token',
    form,
    `grant_type=client_credentials&client_id=${demo.adminAppId}&client_secret=demo-admin-secret&scope=https://graph.microsoft.com/.default`,
  )
  const { access_token: token } = (await asked.json()) as { access_token: string } // as: Graph takes nothing else
  const before = entra.exportSeed()

  rmSync(folder, { recursive: true })
  const refused = [
    await post('/_emulator/apps', 'application/json', '{"name":"late"}'),
    await post('/v1.0/applications', 'application/json', '{"displayName":"late"}', {
      authorization: `Bearer ${token}`,
    }),
    await post('/_emulator/portal/signing-keys/roll', form, '', { origin: entra.url }),
  ]
  for (const response of refused) {
    assert.equal(response.status, 507, response.url)
    assert.match(await response.text(), /the data folder cannot be written \(ENOENT\); nothing was changed/)
  }
  assert.deepEqual(entra.exportSeed(), before)
  mkdirSync(folder)
  assert.equal((await post('/_emulator/apps', 'application/json', '{"name":"late"}')).status, 201)
})
