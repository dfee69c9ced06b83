import { createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator } from '@x5t/emulator'
import { issueCertificate } from '../packages/emulator/src/certificate/issue-certificate.ts'
import { startProxy } from './proxy.ts'

const dayMs = 86_400_000

/** A certificate and its key, in one file as most clients want it. */
export interface KeyPair {
  readonly path: string
  readonly sha1Hex: string
  readonly sha256Hex: string
  readonly certificate: string
}

/** What all clients meet: two emulators under one authority, keys, apps, and a proxy that plays the public hosts. */
export async function createStage() {
  const folder = mkdtempSync(join(tmpdir(), 'x5t-clients-'))
  const entra = await startEmulator({ caFolder: folder })
  /** Every client's clock is three days behind this one's: assertions of a day are still too old. */
  const late = await startEmulator({ caFolder: folder, now: () => Date.now() + 3 * dayMs })
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  /** Where public hosts are played, by name; a test may add some. */
  const ports: Record<string, number> = {
    'login.microsoftonline.com': entra.port,
    'login.windows.net': late.port,
  }
  const proxy = await startProxy(ports)
  return {
    folder,
    caPath: join(folder, 'ca.pem'),
    entra,
    late,
    good: await writeKeyPair(folder, 'good', privateKey, Date.now() - dayMs),
    expired: await writeKeyPair(folder, 'expired', privateKey, Date.now() - 400 * dayMs),
    proxy,
    ports,
    async remove() {
      await Promise.all([entra.stop(), late.stop()])
      proxy.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Stage = Awaited<ReturnType<typeof createStage>>

/** A self-signed certificate in a file with its key. */
async function writeKeyPair(folder: string, name: string, key: KeyObject, from: number): Promise<KeyPair> {
  const der = await issueCertificate({
    commonName: name,
    publicKey: createPublicKey(key),
    issuer: { commonName: name, privateKey: key },
    notBefore: from,
    notAfter: from + 365 * dayMs,
  })
  const x509 = new X509Certificate(der)
  const certificate = x509.toString()
  const path = join(folder, `${name}.pem`)
  writeFileSync(path, `${key.export({ type: 'pkcs8', format: 'pem' })}${certificate}`, { mode: 0o600 })
  return {
    path,
    certificate,
    sha1Hex: x509.fingerprint.replaceAll(':', ''),
    sha256Hex: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
  }
}
