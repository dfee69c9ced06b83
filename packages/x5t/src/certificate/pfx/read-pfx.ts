import { type DerValue, explicitOf, identifierOf, itemsOf, octetsOf, readDer } from '../der.ts'
import { parseCertificate } from '../describe-certificate.ts'
import { decryptWithPassword } from '../encryption/decrypt-with-password.ts'
import { passphraseRefused, type Unlock, unsupportedEncryption } from '../encryption/unlock.ts'
import { assertFewParts } from '../few-parts.ts'
import { damaged, orDamaged } from '../input-error.ts'
import type { Material } from '../material.ts'
import { openEncryptedKey, parseKey } from '../open-key.ts'
import { macMatches } from './mac.ts'
import { type Bag, bagsOf } from './safe-bags.ts'

/**
 * Certificates and keys of a PFX (PKCS#12) file, modern or as old as Windows 2000.
 *
 * @throws CertificateError `ERR_PASSPHRASE_WRONG` or `ERR_PASSPHRASE_MISSING` if it does not open, `ERR_INPUT_DAMAGED`
 * if it does and its MAC says that it was changed.
 * @see RFC 7292
 */
export async function readPfx(der: Buffer, unlock: Unlock): Promise<Material> {
  return orDamaged(unlock.name, async () => {
    const [, authenticatedSafe, macData] = itemsOf(readDer(der))
    const content = dataOf(authenticatedSafe, unlock.name)
    for (const attempt of attemptsOf(unlock)) {
      if (macData !== undefined && !(await macMatches(macData, content, attempt))) continue
      const safes = await openSafes(content, attempt)
      if (safes !== undefined) return toMaterial(safes.bags, attempt)
    }
    throw (await opensAnyway(content, unlock))
      ? damaged(`${unlock.name} was changed after it was written: its MAC is not that of its content`)
      : passphraseRefused(unlock)
  })
}

/** Some tools write "no password" as an empty text, that is two zero octets, and some as no octets at all. */
function attemptsOf(unlock: Unlock): Unlock[] {
  if (unlock.passphrase) return [unlock]
  return [unlock, { ...unlock, password: { ...unlock.password, bmp: Buffer.alloc(0) } }]
}

/** The bags of all safes; undefined if the password does not decrypt one. */
async function openSafes(content: Buffer, unlock: Unlock) {
  const bags: Bag[] = []
  let encrypted = false
  for (const safe of itemsOf(readDer(content))) {
    const [type, value] = itemsOf(safe)
    if (identifierOf(type) === encryptedDataType) {
      encrypted = true
      const decrypted = await decryptData(explicitOf(value), unlock)
      if (decrypted === undefined) return undefined
      bags.push(...bagsOf(decrypted))
    } else {
      bags.push(...bagsOf(dataOf(safe, unlock.name)))
    }
  }
  return { bags, encrypted }
}

/** Asked when the MAC is wrong: was it the content that changed, or is the password another? */
async function opensAnyway(content: Buffer, unlock: Unlock): Promise<boolean> {
  for (const attempt of attemptsOf(unlock)) {
    const safes = await openSafes(content, attempt)
    if (safes?.encrypted) return true
    const key = safes?.bags.find(({ type }) => type === 'encrypted key')
    if (
      key !== undefined &&
      (await openEncryptedKey(key.value, attempt).then(
        () => true,
        () => false,
      ))
    )
      return true
  }
  return false
}

/** RFC 2315 section 13: EncryptedData holds a version and what is encrypted; its content has an implicit tag. */
function decryptData(encryptedData: DerValue, unlock: Unlock): Promise<Buffer | undefined> {
  const [, info] = itemsOf(encryptedData)
  const [, algorithm, ciphertext] = itemsOf(info)
  return decryptWithPassword(algorithm, octetsOf(ciphertext, 0x80), unlock)
}

function dataOf(contentInfo: DerValue | undefined, name: string): Buffer {
  const [type, value] = itemsOf(contentInfo)
  if (identifierOf(type) !== dataType) throw unsupportedEncryption(name, 'a public key, not a passphrase')
  return octetsOf(explicitOf(value))
}

function toMaterial(bags: readonly Bag[], unlock: Unlock): Material {
  assertFewParts(bags.length, unlock.name)
  const only = (type: Bag['type']) => bags.filter((bag) => bag.type === type).map(({ value }) => value)
  return {
    certificates: only('certificate').map((der) => parseCertificate(der, unlock.name)),
    keys: [
      ...only('key').map((der) => async () => parseKey('PRIVATE KEY', der, unlock.name)),
      ...only('encrypted key').map((der) => () => openEncryptedKey(der, unlock)),
    ],
    others: [],
  }
}

const dataType = '1.2.840.113549.1.7.1'
const encryptedDataType = '1.2.840.113549.1.7.6'
