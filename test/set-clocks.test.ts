import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { type Emulator, startEmulator } from '@x5t/emulator'
import { generateCertificate } from 'x5t'

const isInstalled = spawnSync('faketime', ['--version']).error === undefined
const options = { skip: isInstalled ? false : 'needs faketime: apt-get install -y faketime' }

/** Prints what a process under another clock saw when it asked twice; plain JavaScript, so that it starts in no time. */
const program = `
  import { subscribe } from 'node:diagnostics_channel'
  import { createClient, loadCredential } from 'x5t'
  const retries = []
  subscribe('x5t:retry', ({ reason, error }) => retries.push([reason, error.aadsts]))
  const { path, scope, ...options } = JSON.parse(process.argv[1])
  const client = createClient({ ...options, credential: await loadCredential({ path }) })
  const { accessToken, expiresAt } = await client.getToken({ scope })
  const wallNow = Date.now()
  await client.getTokenResponse({ scope })
  const { exp } = JSON.parse(Buffer.from(accessToken.split('.')[1], 'base64url'))
  process.stdout.write(JSON.stringify({ wallNow, retries, expiresAt, exp }))`

const folder = mkdtempSync(join(tmpdir(), 'x5t-clock-'))
const path = join(folder, 'app.pem')
let entra: Emulator
let settings: string
before(async () => {
  entra = await startEmulator({ http: true })
  const { appId } = entra.addApp({ name: 'wanderer' })
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'wanderer' })
  entra.addCertificate({ appId, certificate: certificatePem })
  writeFileSync(path, privateKeyPem + certificatePem, { mode: 0o600 })
  settings = JSON.stringify({
    path,
    tenant: entra.tenantId,
    authority: entra.url,
    allowHttpAuthority: true,
    clientId: appId,
    scope: 'https://graph.microsoft.com/.default',
  })
})
after(async () => {
  await entra.stop()
  rmSync(folder, { recursive: true })
})

const minute = 60_000
const corrected = [['clock', 700024]]
const clocks: readonly [minutes: string, retries: unknown[]][] = [
  ['-20', corrected],
  // An assertion lives for ten minutes, and Entra allows five more.
  ['-10', []],
  ['+10', corrected],
  ['+20', corrected],
]

for (const [minutes, retries] of clocks) {
  test(`a process whose clock is ${minutes} minutes wrong gets its tokens`, options, async () => {
    // The steady clock is the kernel's: it may be younger than twenty minutes.
    const env = { ...process.env, FAKETIME_DONT_FAKE_MONOTONIC: '1' }
    const parameters = ['-f', `${minutes}m`, process.execPath, '--input-type=module', '-e', program, settings]
    const { stdout } = await promisify(execFile)('faketime', parameters, { env })
    const seen = JSON.parse(stdout)
    const wrongMs = Number(minutes) * minute
    assert.ok(Math.abs(seen.wallNow - Date.now() - wrongMs) < minute, 'the clock was not moved')
    assert.deepEqual(seen.retries, retries)
    assert.ok(
      Math.abs(seen.expiresAt - seen.exp * 1_000 - wrongMs) < minute,
      'expiresAt is not of this clock',
    )
  })
}
