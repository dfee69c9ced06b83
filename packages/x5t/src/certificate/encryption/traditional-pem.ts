import { createHash } from 'node:crypto'
import { isSequence } from '../der.ts'
import { type CbcCipher, opensslCipher, singleDes, tripleDes, twoKeyTripleDes } from './cbc-cipher.ts'
import { type Unlock, unsupportedEncryption } from './unlock.ts'

/**
 * Decrypts a PEM block with `Proc-Type: 4,ENCRYPTED`, as OpenSSL wrote private keys before version 1.0: the key is MD5
 * of passphrase and salt, once.
 *
 * @param dekInfo - `AES-256-CBC,<initialization vector in hex>`; the first eight bytes are the salt too.
 * @returns undefined when the password is wrong.
 */
export async function decryptTraditionalPem(
  dekInfo: string,
  ciphertext: Buffer,
  unlock: Unlock,
): Promise<Buffer | undefined> {
  const [cipherName = '', hex = ''] = dekInfo.toUpperCase().split(',')
  const cipher = ciphers[cipherName]
  if (cipher === undefined) throw unsupportedEncryption(unlock.name, cipherName)
  const iv = Buffer.from(hex, 'hex')
  if (iv.length !== cipher.ivBytes) throw new SyntaxError('DEK-Info has no whole initialization vector')
  const key = deriveKey(unlock.password.utf8, iv.subarray(0, 8), cipher.keyBytes)
  const plaintext = await cipher.decrypt(key, iv, ciphertext)
  return plaintext !== undefined && isSequence(plaintext) ? plaintext : undefined
}

const ciphers: Record<string, CbcCipher> = {
  'AES-128-CBC': opensslCipher('aes-128-cbc', 16, 16),
  'AES-192-CBC': opensslCipher('aes-192-cbc', 24, 16),
  'AES-256-CBC': opensslCipher('aes-256-cbc', 32, 16),
  'DES-EDE3-CBC': tripleDes,
  'DES-EDE-CBC': twoKeyTripleDes,
  'DES-CBC': singleDes,
}

/** OpenSSL: EVP_BytesToKey with MD5 and a count of one. */
function deriveKey(password: Buffer, salt: Buffer, bytes: number): Buffer {
  let key = Buffer.alloc(0)
  let digest = Buffer.alloc(0)
  while (key.length < bytes) {
    digest = createHash('md5').update(digest).update(password).update(salt).digest()
    key = Buffer.concat([key, digest])
  }
  return key.subarray(0, bytes)
}
