import { createHmac, type KeyObject, randomBytes } from 'node:crypto'
import type { Certificate } from '../certificate.ts'
import { encrypt, encryptPrivateKey } from '../encryption/encrypt.ts'
import { derivePkcs12Key, purpose } from '../encryption/pkcs12-key.ts'
import { createUnlock } from '../encryption/unlock.ts'
import { encode, explicit, identifier, integer, nothing, octets, sequence, setOf } from '../write-der.ts'

/**
 * Rounds of each of the three derivations. Fewer than for a PEM: that of the MAC is no PBKDF2 and takes its time on
 * this thread, in slices.
 */
const rounds = 100_000

/** One safe with the certificates, encrypted; one with the key, which is encrypted by itself. RFC 7292 section 4. */
export async function writePfx(
  { der, chain, thumbprintSha1Hex }: Certificate,
  privateKey: KeyObject,
  passphrase: string,
): Promise<Buffer> {
  const keyId = Buffer.from(thumbprintSha1Hex, 'hex')
  const certificates = [certificateBag(der, keyId), ...chain.map((issuer) => certificateBag(issuer))]
  const key = bag(shroudedKeyBag, await encryptPrivateKey(privateKey, passphrase, rounds), keyId)
  const content = sequence(await encryptedData(sequence(...certificates), passphrase), data(sequence(key)))
  return sequence(integer(3), data(content), await macOf(content, passphrase))
}

function certificateBag(der: Uint8Array, keyId?: Buffer): Buffer {
  const x509 = sequence(identifier('1.2.840.113549.1.9.22.1'), explicit(0, octets(der)))
  return bag('1.2.840.113549.1.12.10.1.3', x509, keyId)
}

const shroudedKeyBag = '1.2.840.113549.1.12.10.1.2'

/** @param keyId - The local key id, by which Windows finds the certificate of a key. */
function bag(type: string, value: Buffer, keyId?: Buffer): Buffer {
  if (keyId === undefined) return sequence(identifier(type), explicit(0, value))
  const localKeyId = sequence(identifier('1.2.840.113549.1.9.21'), setOf(octets(keyId)))
  return sequence(identifier(type), explicit(0, value), setOf(localKeyId))
}

const dataType = identifier('1.2.840.113549.1.7.1')

function data(content: Uint8Array): Buffer {
  return sequence(dataType, explicit(0, octets(content)))
}

/** RFC 2315 section 13, version 0; the ciphertext has an implicit tag. */
async function encryptedData(content: Uint8Array, passphrase: string): Promise<Buffer> {
  const { algorithm, ciphertext } = await encrypt(content, passphrase, rounds)
  const info = sequence(dataType, algorithm, encode(0x80, ciphertext))
  return sequence(identifier('1.2.840.113549.1.7.6'), explicit(0, sequence(integer(0), info)))
}

async function macOf(content: Buffer, passphrase: string): Promise<Buffer> {
  const salt = randomBytes(16)
  const derivation = { hash: 'sha256', purpose: purpose.mac, salt, rounds, bytes: 32 }
  const key = await derivePkcs12Key(derivation, createUnlock('the PFX', passphrase))
  const sha256 = sequence(identifier('2.16.840.1.101.3.4.2.1'), nothing)
  const digestInfo = sequence(sha256, octets(createHmac('sha256', key).update(content).digest()))
  return sequence(digestInfo, octets(salt), integer(rounds))
}
