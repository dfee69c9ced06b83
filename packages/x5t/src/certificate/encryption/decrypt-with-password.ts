import { type DerValue, identifierOf, integerOf, isSequence, itemsOf, octetsOf } from '../der.ts'
import { type CbcCipher, rc2Cipher, singleDes, tripleDes, twoKeyTripleDes } from './cbc-cipher.ts'
import { decryptPbes2 } from './pbes2.ts'
import { derivePkcs12Key, purpose } from './pkcs12-key.ts'
import { repeatHash } from './repeat-hash.ts'
import { type Unlock, unsupportedEncryption } from './unlock.ts'

/**
 * Decrypts what one AlgorithmIdentifier of PKCS#5 or PKCS#12 describes: a private key, or the bags of a PFX. All of
 * it runs on `node:crypto`, but for RC2, and off the event loop.
 *
 * @returns The SEQUENCE that both are, DER; undefined when the password is wrong.
 * @throws CertificateError `ERR_ENCRYPTION_UNSUPPORTED` or `ERR_ENCRYPTION_TOO_COSTLY`.
 */
export async function decryptWithPassword(
  algorithm: DerValue | undefined,
  ciphertext: Buffer,
  unlock: Unlock,
): Promise<Buffer | undefined> {
  const [identifier, parameters] = itemsOf(algorithm)
  const id = identifierOf(identifier)
  const decrypt = id === '1.2.840.113549.1.5.13' ? decryptPbes2 : decryptBySchemeOf(id, unlock.name)
  const plaintext = await decrypt(parameters, ciphertext, unlock)
  // A wrong key leaves right padding behind once in 256 times, but hardly ever this too.
  return plaintext !== undefined && isSequence(plaintext) ? plaintext : undefined
}

interface Scheme {
  readonly hash: string
  readonly cipher: CbcCipher
  readonly derive: (
    scheme: Scheme,
    salt: Buffer,
    rounds: number,
    unlock: Unlock,
  ) => Promise<{ key: Buffer; iv: Buffer }>
}

function decryptBySchemeOf(id: string, name: string): typeof decryptPbes2 {
  const scheme = schemes[id]
  if (scheme === undefined) throw unsupportedEncryption(name, oldCiphers[id] ?? `scheme ${id}`)
  return async (parameters, ciphertext, unlock) => {
    const [salt, rounds] = itemsOf(parameters)
    const { key, iv } = await scheme.derive(scheme, octetsOf(salt), integerOf(rounds), unlock)
    return scheme.cipher.decrypt(key, iv, ciphertext)
  }
}

const byPkcs12: Scheme['derive'] = async ({ hash, cipher }, salt, rounds, unlock) => {
  const derive = (use: number, bytes: number) =>
    derivePkcs12Key({ hash, salt, rounds, purpose: use, bytes }, unlock)
  return { key: await derive(purpose.key, cipher.keyBytes), iv: await derive(purpose.iv, cipher.ivBytes) }
}

/** RFC 8018 sections 5.1 and 6.1: eight octets of key, then eight of initialization vector. */
const byPbkdf1: Scheme['derive'] = async ({ hash }, salt, rounds, { password, spend }) => {
  spend(rounds)
  const derived = await repeatHash(hash, Buffer.concat([password.utf8, salt]), rounds)
  return { key: derived.subarray(0, 8), iv: derived.subarray(8, 16) }
}

/** RFC 8018 appendix A.3, without MD2; RFC 7292 appendix C. */
const schemes: Record<string, Scheme> = {
  '1.2.840.113549.1.5.3': { hash: 'md5', cipher: singleDes, derive: byPbkdf1 },
  '1.2.840.113549.1.5.6': { hash: 'md5', cipher: rc2Cipher(8, 64), derive: byPbkdf1 },
  '1.2.840.113549.1.5.10': { hash: 'sha1', cipher: singleDes, derive: byPbkdf1 },
  '1.2.840.113549.1.5.11': { hash: 'sha1', cipher: rc2Cipher(8, 64), derive: byPbkdf1 },
  '1.2.840.113549.1.12.1.3': { hash: 'sha1', cipher: tripleDes, derive: byPkcs12 },
  '1.2.840.113549.1.12.1.4': { hash: 'sha1', cipher: twoKeyTripleDes, derive: byPkcs12 },
  '1.2.840.113549.1.12.1.5': { hash: 'sha1', cipher: rc2Cipher(16, 128), derive: byPkcs12 },
  '1.2.840.113549.1.12.1.6': { hash: 'sha1', cipher: rc2Cipher(5, 40), derive: byPkcs12 },
}

/** Refused, by the name people know. */
const oldCiphers: Record<string, string> = {
  '1.2.840.113549.1.12.1.1': 'RC4 (128 bits)',
  '1.2.840.113549.1.12.1.2': 'RC4 (40 bits)',
}
