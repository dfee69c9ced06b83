import { createDecipheriv } from 'node:crypto'
import { decryptRc2 } from './rc2.ts'

/** A block cipher in CBC mode with PKCS#7 padding: what every encrypted key and every PFX uses. */
export interface CbcCipher {
  readonly keyBytes: number
  readonly ivBytes: number
  /** Undefined when the padding is wrong, which is how a wrong passphrase shows, 255 times of 256. */
  decrypt(key: Buffer, iv: Buffer, ciphertext: Buffer): Promise<Buffer | undefined>
}

/** @param name - As OpenSSL 3 knows it without its legacy provider. */
export function opensslCipher(name: string, keyBytes: number, ivBytes: number): CbcCipher {
  return {
    keyBytes,
    ivBytes,
    async decrypt(key, iv, ciphertext) {
      const decipher = createDecipheriv(name, key, iv)
      try {
        return Buffer.concat([decipher.update(ciphertext), decipher.final()])
      } catch {
        return undefined
      }
    },
  }
}

export function rc2Cipher(keyBytes: number, effectiveBits: number): CbcCipher {
  return {
    keyBytes,
    ivBytes: 8,
    decrypt: (key, iv, ciphertext) => decryptRc2(key, effectiveBits, iv, ciphertext),
  }
}

export const tripleDes = opensslCipher('des-ede3-cbc', 24, 8)

/** Triple DES with two keys: the third is the first again. */
export const twoKeyTripleDes = tripleDesOf(16, (key) => Buffer.concat([key, key.subarray(0, 8)]))

/** Single DES, which OpenSSL 3 no longer has, is triple DES with one key thrice. */
export const singleDes = tripleDesOf(8, (key) => Buffer.concat([key, key, key]))

function tripleDesOf(keyBytes: number, widen: (key: Buffer) => Buffer): CbcCipher {
  return {
    keyBytes,
    ivBytes: 8,
    decrypt: (key, iv, ciphertext) => tripleDes.decrypt(widen(key), iv, ciphertext),
  }
}
