import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportPfx, generateCertificate, loadKeyPair } from 'x5t'
import { createStage } from './stage.ts'

export const passphrase = 'geheim #1'

/** A stage with one key and its certificate in several forms; `passphrase.txt` opens those that are locked. */
export async function createKeyStage() {
  const stage = createStage()
  const made = await generateCertificate({ commonName: 'billing', days: 90 })
  const pair = await loadKeyPair({ pem: made.certificatePem + made.privateKeyPem })
  const encrypted = pair.privateKey.export({
    format: 'pem',
    type: 'pkcs8',
    cipher: 'aes-256-cbc',
    passphrase,
  })
  stage.write('billing.key', made.privateKeyPem)
  stage.write('billing.crt', made.certificatePem)
  stage.write('both.pem', made.privateKeyPem + made.certificatePem)
  stage.write('locked.pem', `${encrypted}${made.certificatePem}`)
  writeFileSync(join(stage.folder, 'billing.pfx'), await exportPfx(pair, { passphrase }), { mode: 0o600 })
  stage.write('passphrase.txt', `${passphrase}\n`)
  stage.write('new.txt', 'another\n')
  return { stage, made }
}
