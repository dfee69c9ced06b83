import { type DerValue, encodedIn, explicitOf, identifierOf, itemsOf, octetsOf, readDer } from '../der.ts'

/** What a PFX can hold that matters here. */
export interface Bag {
  readonly type: 'key' | 'encrypted key' | 'certificate'
  /** DER: PKCS#8 PrivateKeyInfo, EncryptedPrivateKeyInfo, or an X.509 certificate. */
  readonly value: Buffer
}

/**
 * The bags of a SafeContents and of those nested in it; revocation lists and other secrets are left out. Names and
 * key ids are not read: which key belongs to which certificate is seen by the public key.
 *
 * @see RFC 7292 section 4.2
 */
export function bagsOf(safeContents: Buffer): Bag[] {
  const bags: Bag[] = []
  const left = itemsOf(readDer(safeContents))
  for (let bag = left.pop(); bag !== undefined; bag = left.pop()) {
    const [type, value] = itemsOf(bag)
    const id = identifierOf(type)
    if (id === keyBag) bags.push({ type: 'key', value: encodedIn(value) })
    if (id === shroudedKeyBag) bags.push({ type: 'encrypted key', value: encodedIn(value) })
    if (id === certificateBag) bags.push(...certificateOf(explicitOf(value)))
    if (id === safeContentsBag) left.push(...itemsOf(explicitOf(value)))
  }
  return bags.reverse()
}

const [keyBag, shroudedKeyBag, certificateBag, safeContentsBag] = [1, 2, 3, 6].map(
  (number) => `1.2.840.113549.1.12.10.1.${number}`,
)

/** The other kind, an SDSI certificate, never was in use. */
function certificateOf(bag: DerValue): Bag[] {
  const [type, value] = itemsOf(bag)
  const isX509 = identifierOf(type) === '1.2.840.113549.1.9.22.1'
  return isX509 ? [{ type: 'certificate', value: octetsOf(explicitOf(value)) }] : []
}
