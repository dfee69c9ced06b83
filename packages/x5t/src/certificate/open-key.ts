import { createPrivateKey, type KeyObject } from 'node:crypto'
import { CertificateError } from '../errors.ts'
import { itemsOf, octetsOf, readDer } from './der.ts'
import { passphraseRefused, type Unlock } from './encryption/unlock.ts'
import { orDamaged } from './input-error.ts'
import type { PemBlock } from './pem.ts'

/** @throws CertificateError for a passphrase that is missing or wrong, or a key that cannot be read. */
export async function openKey({ label, der, encryption }: PemBlock, unlock: Unlock): Promise<KeyObject> {
  if (label === 'ENCRYPTED PRIVATE KEY') return openEncryptedKey(der, unlock)
  if (encryption === undefined) return parseKey(label, der, unlock.name)
  const { decryptTraditionalPem } = await import('./encryption/traditional-pem.ts')
  const plaintext = await orDamaged(unlock.name, () => decryptTraditionalPem(encryption, der, unlock))
  if (plaintext === undefined) throw passphraseRefused(unlock)
  return parseKey(label, plaintext, unlock.name)
}

/** @param der - PKCS#8 EncryptedPrivateKeyInfo, RFC 5958 section 3. */
export async function openEncryptedKey(der: Uint8Array, unlock: Unlock): Promise<KeyObject> {
  const { decryptWithPassword } = await import('./encryption/decrypt-with-password.ts')
  const plaintext = await orDamaged(unlock.name, () => {
    const [algorithm, ciphertext] = itemsOf(readDer(der))
    return decryptWithPassword(algorithm, octetsOf(ciphertext), unlock)
  })
  if (plaintext === undefined) throw passphraseRefused(unlock)
  return parseKey('PRIVATE KEY', plaintext, unlock.name)
}

/** @param label - Of the PEM block that it is or could be. */
export function parseKey(label: string, der: Buffer, name: string): KeyObject {
  const type = encodings[label]
  if (type === undefined) {
    throw new CertificateError('ERR_KEY_INVALID', `${name} holds a key of the kind ${label}`, {
      hint: 'convert it to PKCS#8; for an OpenSSH key: ssh-keygen -p -m PKCS8 -f <file>',
    })
  }
  try {
    return createPrivateKey({ key: der, format: 'der', type })
  } catch (cause) {
    throw new CertificateError('ERR_KEY_INVALID', `${name} holds a private key that cannot be read`, {
      cause,
      hint: 'the file is damaged; `openssl pkey -in <file> -check` says more',
    })
  }
}

const encodings: Record<string, 'pkcs8' | 'pkcs1' | 'sec1'> = {
  'PRIVATE KEY': 'pkcs8',
  'RSA PRIVATE KEY': 'pkcs1',
  'EC PRIVATE KEY': 'sec1',
}
