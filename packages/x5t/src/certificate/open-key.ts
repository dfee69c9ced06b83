import { createPrivateKey, type KeyObject } from 'node:crypto'
import { CertificateError } from '../errors.ts'
import type { MaterialOptions } from './material.ts'
import { type PemBlock, toPem } from './pem.ts'

/** @throws CertificateError for a passphrase that is missing or wrong, or a key that cannot be read. */
export async function openKey(block: PemBlock, { name, passphrase }: MaterialOptions): Promise<KeyObject> {
  const { label, der, encryption } = block
  const encrypted = encryption !== undefined || label === 'ENCRYPTED PRIVATE KEY'
  if (encrypted && !passphrase) {
    throw new CertificateError('ERR_PASSPHRASE_MISSING', `the private key in ${name} is encrypted`, {
      hint: 'give its passphrase',
    })
  }
  try {
    return createPrivateKey({
      key: encryption === undefined ? toPem(label, der) : traditionalPem(block),
      passphrase,
    })
  } catch (cause) {
    if (encrypted) {
      throw new CertificateError(
        'ERR_PASSPHRASE_WRONG',
        `the passphrase does not open the private key in ${name}`,
      )
    }
    throw new CertificateError('ERR_KEY_INVALID', `${name} holds a private key that cannot be read`, {
      cause,
    })
  }
}

function traditionalPem({ label, der, encryption }: PemBlock): string {
  return toPem(label, der).replace('\n', `\nProc-Type: 4,ENCRYPTED\nDEK-Info: ${encryption}\n\n`)
}
