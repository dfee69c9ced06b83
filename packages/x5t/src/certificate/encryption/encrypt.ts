import { createCipheriv, type KeyObject, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { identifier, integer, nothing, octets, sequence } from '../write-der.ts'

export interface Encrypted {
  /** AlgorithmIdentifier, DER: says how, for whoever decrypts it. */
  readonly algorithm: Buffer
  readonly ciphertext: Buffer
}

/** PBES2 as every current tool reads it: PBKDF2 with HMAC-SHA-256, AES-256 in CBC mode. */
export async function encrypt(plaintext: Uint8Array, passphrase: string, rounds: number): Promise<Encrypted> {
  const [salt, iv] = [randomBytes(16), randomBytes(16)]
  const key = await promisify(pbkdf2)(passphrase, salt, rounds, 32, 'sha256')
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  return {
    algorithm: pbes2Algorithm(salt, rounds, iv),
    ciphertext: Buffer.concat([cipher.update(plaintext), cipher.final()]),
  }
}

/** PKCS#8 EncryptedPrivateKeyInfo, DER: RFC 5958 section 3. */
export async function encryptPrivateKey(key: KeyObject, passphrase: string, rounds: number): Promise<Buffer> {
  const privateKeyInfo = key.export({ format: 'der', type: 'pkcs8' })
  const { algorithm, ciphertext } = await encrypt(privateKeyInfo, passphrase, rounds)
  return sequence(algorithm, octets(ciphertext))
}

/** RFC 8018 appendices A.4 and A.2. */
function pbes2Algorithm(salt: Buffer, rounds: number, iv: Buffer): Buffer {
  const hmacWithSha256 = sequence(identifier('1.2.840.113549.2.9'), nothing)
  const pbkdf2Parameters = sequence(octets(salt), integer(rounds), hmacWithSha256)
  const derivation = sequence(identifier('1.2.840.113549.1.5.12'), pbkdf2Parameters)
  const aes256Cbc = sequence(identifier('2.16.840.1.101.3.4.1.42'), octets(iv))
  return sequence(identifier('1.2.840.113549.1.5.13'), sequence(derivation, aes256Cbc))
}
