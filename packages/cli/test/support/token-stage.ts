import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, afterEach, before } from 'node:test'
import { promisify } from 'node:util'
import { demo, type Emulator, type JudgedRequest, startEmulator } from '@x5t/emulator'
import { generateCertificate } from 'x5t'
import { createStage } from './stage.ts'

/** An emulator, and a folder in which it is configured for each test anew. */
export const stage = createStage()
export let entra: Emulator
export let pair: { certificatePem: string; privateKeyPem: string }
/** What the emulator was asked in a test. */
export const judged: JudgedRequest[] = []
export const scope = `api://${demo.carsAppId}/.default`
export const bin = join(import.meta.dirname, '..', '..', 'bin', 'x5t.js')
export const windows = process.platform === 'win32'

before(async () => {
  entra = await startEmulator({ http: true, onJudgement: (request) => judged.push(request) })
  pair = await generateCertificate({ commonName: 'app' })
  entra.addCertificate({ appId: demo.appId, certificate: pair.certificatePem })
  setUp()
})
after(async () => {
  await entra.stop()
  stage.remove()
})
afterEach(() => {
  judged.length = 0
  stage.empty()
  setUp()
})

export function setUp(profile: object = {}): void {
  stage.write('app.pem', pair.privateKeyPem + pair.certificatePem)
  const settings = {
    tenant: demo.tenantId,
    clientId: demo.appId,
    certificate: 'app.pem',
    authority: entra.url,
    scope,
  }
  stage.write('x5t.json', JSON.stringify({ profiles: { default: { ...settings, ...profile } } }))
}

export const environment = (extra: Record<string, string | undefined> = {}) => ({
  ...process.env,
  HOME: stage.folder,
  NODE_EXTRA_CA_CERTS: '',
  ...stage.env,
  ...extra,
})

/** The command line as a process of its own. */
export const ran = (argv: readonly string[], env = environment()) =>
  promisify(execFile)(process.execPath, [bin, ...argv], { cwd: stage.folder, env })
