import { createHmac } from 'node:crypto'
import { type DerValue, identifierOf, integerOf, itemsOf, octetsOf } from '../der.ts'
import { derivePbes2Key, hmacHashes } from '../encryption/pbes2.ts'
import { derivePkcs12Key, purpose } from '../encryption/pkcs12-key.ts'
import { type Unlock, unsupportedEncryption } from '../encryption/unlock.ts'

/**
 * True if the password is the one that the MacData of a PFX was made with, and the content is unchanged since.
 *
 * @see RFC 7292 section 4 and appendix B; RFC 9579 for PBMAC1.
 */
export async function macMatches(macData: DerValue, content: Buffer, unlock: Unlock): Promise<boolean> {
  const [digestInfo, salt, rounds] = itemsOf(macData)
  const [algorithm, expected] = itemsOf(digestInfo)
  const [identifier, parameters] = itemsOf(algorithm)
  const id = identifierOf(identifier)
  const { hash, key } =
    id === '1.2.840.113549.1.5.14'
      ? await pbmac1Key(parameters, unlock)
      : await pkcs12Key(id, octetsOf(salt), rounds === undefined ? 1 : integerOf(rounds), unlock)
  return createHmac(hash, key).update(content).digest().equals(octetsOf(expected))
}

interface MacKey {
  readonly hash: string
  readonly key: Buffer
}

async function pkcs12Key(id: string, salt: Buffer, rounds: number, unlock: Unlock): Promise<MacKey> {
  const digest = digests[id]
  if (digest === undefined) throw unsupportedEncryption(unlock.name, `a MAC over digest ${id}`)
  const key = await derivePkcs12Key({ ...digest, purpose: purpose.mac, salt, rounds }, unlock)
  return { hash: digest.hash, key }
}

async function pbmac1Key(parameters: DerValue | undefined, unlock: Unlock): Promise<MacKey> {
  const [derivation, scheme] = itemsOf(parameters)
  const id = identifierOf(itemsOf(scheme)[0])
  const hash = hmacHashes[id]
  if (hash === undefined) throw unsupportedEncryption(unlock.name, `a MAC over function ${id}`)
  const keyBytes = integerOf(itemsOf(itemsOf(derivation)[1])[2])
  if (keyBytes > maxMacKeyBytes) throw new SyntaxError('a MAC key longer than any MAC uses')
  return { hash, key: await derivePbes2Key(derivation, keyBytes, unlock) }
}

/** SHA-512 makes as much of a longer key. */
const maxMacKeyBytes = 64

const digests: Record<string, { hash: string; bytes: number }> = {
  '1.3.14.3.2.26': { hash: 'sha1', bytes: 20 },
  '2.16.840.1.101.3.4.2.4': { hash: 'sha224', bytes: 28 },
  '2.16.840.1.101.3.4.2.1': { hash: 'sha256', bytes: 32 },
  '2.16.840.1.101.3.4.2.2': { hash: 'sha384', bytes: 48 },
  '2.16.840.1.101.3.4.2.3': { hash: 'sha512', bytes: 64 },
  '2.16.840.1.101.3.4.2.5': { hash: 'sha512-224', bytes: 28 },
  '2.16.840.1.101.3.4.2.6': { hash: 'sha512-256', bytes: 32 },
}
