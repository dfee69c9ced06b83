import type { KeyObject } from 'node:crypto'
import { toPem } from './pem.ts'

/** OWASP's advice for PBKDF2 with SHA-256: a quarter of a second, on the thread pool, each time the key is opened. */
const rounds = 600_000

/** PKCS#8 (RFC 5958), PEM; encrypted when a passphrase is given. */
export async function privateKeyPem(key: KeyObject, passphrase: string | undefined): Promise<string> {
  if (passphrase === undefined) return toPem('PRIVATE KEY', key.export({ format: 'der', type: 'pkcs8' }))
  const { encryptPrivateKey } = await import('./encryption/encrypt.ts')
  return toPem('ENCRYPTED PRIVATE KEY', await encryptPrivateKey(key, passphrase, rounds))
}
