import { after, before, beforeEach } from 'node:test'
import { demo, type Emulator, startEmulator } from '@x5t/emulator'
import { generateCertificate } from 'x5t'
import { createStage } from './stage.ts'

/** A folder with the files of the original workflow, and an emulator that knows the certificate. */
export const stage = createStage()
export const passphrase = 'correct # horse'
export let entra: Emulator
export let pair: { certificatePem: string; privateKeyPem: string }
export let other: { certificatePem: string; privateKeyPem: string }
export let expired: { certificatePem: string; privateKeyPem: string }

before(async () => {
  entra = await startEmulator()
  ;[pair, other, expired] = await Promise.all([
    generateCertificate({ commonName: 'pair', passphrase }),
    generateCertificate({ commonName: 'other' }),
    generateCertificate({ commonName: 'expired', days: 1, now: () => Date.now() - 3 * 86_400_000 }),
  ])
  entra.addCertificate({ appId: demo.appId, certificate: pair.certificatePem })
})
after(async () => {
  await entra.stop()
  stage.remove()
})

/** A good set-up; a test changes one thing in it. */
beforeEach(() => {
  stage.write('private.pem', pair.privateKeyPem)
  stage.write('public.pem', pair.certificatePem)
  stage.write('ca.pem', entra.caPem)
  stage.write('nodeconfig.json', '{"old":true}')
  writeEnv()
})

export function writeEnv(changes: Record<string, string | undefined> = {}): void {
  const variables: Record<string, string | undefined> = {
    APP_ID: demo.appId,
    TENANT_ID: demo.tenantId,
    TENANT_URL: `${entra.url}/${demo.tenantId}/oauth2/token`,
    PRIVATE_KEY: 'private.pem',
    PUBLIC_KEY: 'public.pem',
    PASSPHRASE: `"${passphrase}"`,
    NODE_EXTRA_CA_CERTS: 'ca.pem',
    ...changes,
  }
  const lines = Object.entries(variables).filter(([, value]) => value !== undefined)
  stage.write('.env', lines.map(([name, value]) => `${name}=${value}`).join('\n'))
}
