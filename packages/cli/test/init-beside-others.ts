import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { demo, type Emulator, startEmulator } from '@x5t/emulator'
import { writeRunFile } from '../src/emulator/run-file.ts'
import { createStage } from './support/stage.ts'

/** What `x5t init` says where something else is used in place of what it made. */
const stage = createStage()
let entra: Emulator
before(async () => {
  entra = await startEmulator({ http: true })
})
after(async () => {
  await entra.stop()
  stage.remove()
})
afterEach(() => {
  entra.reset()
  stage.empty()
})

const open = ['--unencrypted-key', '--insecure']
const named = ['--tenant', 'contoso.onmicrosoft.com', '--client-id', demo.appId]

async function emulatorRuns(): Promise<void> {
  const { url, port, tenantId } = entra
  await writeRunFile(stage.io(), { url, port, tenantId, appId: demo.appId, pid: process.pid })
}

test('where a .env goes before the new certificate it says so, and the next command names the profile', async () => {
  await emulatorRuns()
  const tenantUrl = `${entra.url}/${demo.tenantId}/oauth2/token`
  stage.write('.env', `APP_ID=${demo.appId}\nTENANT_URL=${tenantUrl}\nPUBLIC_KEY=public.pem\n`)
  const { code, stderr } = await stage.x5t(['init', '--emulator', ...open])
  assert.equal(code, 0, stderr)
  assert.match(
    stderr,
    /^PUBLIC_KEY in \.env goes before the new certificate; x5t config show says what is used$/m,
  )
  assert.match(stderr, /^next: x5t token --profile default$/m)
  const token = await stage.x5t(['token', '--profile', 'default'])
  assert.equal(token.code, 0, token.stderr)
})

test('where another profile stays in use it says so, and how to use the new one', async () => {
  await stage.x5t(['init', ...named, ...open])
  const { code, stderr } = await stage.x5t(['init', '--profile', 'two', ...named, ...open])
  assert.equal(code, 0, stderr)
  assert.match(stderr, /^profile default stays in use; to use the new one: x5t config use two$/m)
  assert.doesNotMatch(stderr, /goes before/)
  assert.match(stderr, /^next: x5t token --profile two --wait 5m$/m)
})

test('where nodeconfig.json goes before the new certificate the next command names the profile, and it counts', async () => {
  await emulatorRuns()
  const paths = { privateKey: 'private.pem', publicKey: 'public.pem' }
  const tokenEndpoint = `${entra.url}/${demo.tenantId}/oauth2/token`
  stage.write('nodeconfig.json', JSON.stringify({ appId: demo.carsAppId, tokenEndpoint, ...paths }))
  const { stderr } = await stage.x5t(['init', '--emulator', ...open])
  assert.match(
    stderr,
    /^\S+nodeconfig\.json goes before the new certificate; .*\n[\s\S]*token --profile default$/m,
  )
  const token = await stage.x5t(['token', '--profile', 'default'])
  assert.equal(token.code, 0, token.stderr)
})
