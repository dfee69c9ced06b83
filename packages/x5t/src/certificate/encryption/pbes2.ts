import { pbkdf2, type ScryptOptions, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { type DerValue, identifierOf, integerOf, itemsOf, octetsOf } from '../der.ts'
import { type CbcCipher, opensslCipher, singleDes, tripleDes } from './cbc-cipher.ts'
import { type Unlock, unsupportedEncryption } from './unlock.ts'

/** PBES2, RFC 8018 section 6.2: a key derivation and a cipher of one's choice. */
export async function decryptPbes2(
  parameters: DerValue | undefined,
  ciphertext: Buffer,
  unlock: Unlock,
): Promise<Buffer | undefined> {
  const [derivation, encryption] = itemsOf(parameters)
  const [cipherId, iv] = itemsOf(encryption)
  const cipher = ciphers[identifierOf(cipherId)]
  if (cipher === undefined) throw unsupportedEncryption(unlock.name, `cipher ${identifierOf(cipherId)}`)
  const key = await derivePbes2Key(derivation, cipher.keyBytes, unlock)
  return cipher.decrypt(key, octetsOf(iv), ciphertext)
}

/** The key that PBKDF2 or scrypt, with the parameters given, make of the password. Runs on the thread pool. */
export async function derivePbes2Key(
  derivation: DerValue | undefined,
  bytes: number,
  unlock: Unlock,
): Promise<Buffer> {
  const [identifier, parameters] = itemsOf(derivation)
  const id = identifierOf(identifier)
  const [salt, ...numbers] = itemsOf(parameters)
  if (id === '1.2.840.113549.1.5.12') return byPbkdf2(octetsOf(salt), numbers, bytes, unlock)
  if (id === '1.3.6.1.4.1.11591.4.11') return byScrypt(octetsOf(salt), numbers, bytes, unlock)
  throw unsupportedEncryption(unlock.name, `key derivation ${id}`)
}

/** RFC 8018 appendix A.2: rounds, perhaps the length of the key, perhaps the function (HMAC with SHA-1). */
async function byPbkdf2(salt: Buffer, numbers: readonly DerValue[], bytes: number, unlock: Unlock) {
  const rounds = integerOf(numbers[0])
  const prf = numbers.find(({ tag }) => tag === 0x30)
  const prfId = prf === undefined ? '1.2.840.113549.2.7' : identifierOf(itemsOf(prf)[0])
  const hash = hmacHashes[prfId]
  if (hash === undefined) throw unsupportedEncryption(unlock.name, `PBKDF2 over function ${prfId}`)
  unlock.spend(rounds)
  return promisify(pbkdf2)(unlock.password.utf8, salt, rounds, bytes, hash)
}

/** RFC 7914 section 7.1: cost, block size, parallelization. It takes 128 bytes for each of (N + p) times r. */
async function byScrypt(salt: Buffer, numbers: readonly DerValue[], bytes: number, unlock: Unlock) {
  const [N, r, p] = [integerOf(numbers[0]), integerOf(numbers[1]), integerOf(numbers[2])]
  unlock.spend((N + p) * r > maxScryptBlocks ? Number.POSITIVE_INFINITY : N * r * p)
  const options = { N, r, p, maxmem: 256 * maxScryptBlocks }
  return promisify<Buffer, Buffer, number, ScryptOptions, Buffer>(scrypt)(
    unlock.password.utf8,
    salt,
    bytes,
    options,
  )
}

/** 256 MiB. OpenSSL writes 16 MiB; the strongest advice for files is 128 MiB. */
const maxScryptBlocks = 2 ** 21

const ciphers: Record<string, CbcCipher> = {
  '2.16.840.1.101.3.4.1.2': opensslCipher('aes-128-cbc', 16, 16),
  '2.16.840.1.101.3.4.1.22': opensslCipher('aes-192-cbc', 24, 16),
  '2.16.840.1.101.3.4.1.42': opensslCipher('aes-256-cbc', 32, 16),
  '1.2.840.113549.3.7': tripleDes,
  '1.3.14.3.2.7': singleDes,
}

/** RFC 8018 appendix B.1.2. */
export const hmacHashes: Record<string, string> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
}
