import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { type Emulator, startEmulator } from '@x5t/emulator'
import { generateCertificate, loadCredential } from 'x5t'
import { createVerifier } from 'x5t/verify'
import type { Job } from './azure-client.ts'

let entra: Emulator
let apiId: string
let folder: string
let jobOf: (clientId: string, scope: string) => Omit<Job, 'library'>
let registered: string
let unregistered: string

before(async () => {
  entra = await startEmulator()
  folder = mkdtempSync(join(tmpdir(), 'x5t-azure-'))
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'stranger' })
  const path = join(folder, 'stranger.pem')
  writeFileSync(path, privateKeyPem + certificatePem, { mode: 0o600 })
  writeFileSync(join(folder, 'ca.pem'), entra.caPem)
  const { certificate } = await loadCredential({ path })

  apiId = entra.addApp({ name: 'cars', accessTokenVersion: 2, appRoles: ['Cars.Read'] }).appId
  registered = entra.addApp({ name: 'registered', certificates: [certificatePem] }).appId
  unregistered = entra.addApp({ name: 'unregistered' }).appId
  entra.grantRole({ clientAppId: registered, resourceAppId: apiId, role: 'Cars.Read' })
  const { url, tenantId } = entra
  const { thumbprintSha256Hex } = certificate
  jobOf = (clientId, scope) => ({ url, tenantId, clientId, path, thumbprintSha256Hex, scope })
})
after(async () => {
  await entra.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Trust by NODE_EXTRA_CA_CERTS, as the emulator's users set it; Node reads it at start only. */
async function run(job: Job): Promise<{ token?: string; refused?: string }> {
  const script = join(import.meta.dirname, 'azure-client.ts')
  const child = spawn(process.execPath, ['--import', './scripts/typescript.js', script], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify(job))
  return (await json(child.stdout)) as { token?: string; refused?: string } // azure-client.ts prints it so
}

for (const library of ['msal', 'identity'] as const) {
  test(`unmodified ${library} gets a token over https that the API accepts`, async () => {
    const { token, refused } = await run({ library, ...jobOf(registered, `${apiId}/.default`) })
    assert.equal(refused, undefined)
    const { tenantId: tenant, url: authority, caPem: ca } = entra
    const verifier = createVerifier({
      tenant,
      authority,
      ca,
      audience: apiId,
      roles: ['Cars.Read'],
      requireCertificate: true,
    })
    const { claims } = await verifier.verify(token ?? '')
    assert.equal(claims.azp, registered)
  })

  test(`unmodified ${library} is refused with AADSTS700027 when its certificate is not registered`, async () => {
    const { token, refused } = await run({ library, ...jobOf(unregistered, `${apiId}/.default`) })
    assert.equal(token, undefined)
    assert.match(refused ?? '', /AADSTS700027/)
  })
}
