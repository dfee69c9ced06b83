import { type DerValue, itemsOf, readDer } from './der.ts'

/**
 * What a DER value is, by the tags of its items, as the label that PEM would give it; undefined if it is none of what
 * can be here. Looking is safer than believing a label or a file name.
 */
export function labelOf(der: Uint8Array): string | undefined {
  // Most of what comes is PEM, and to say by an error that it is none takes half a millisecond.
  if (der[0] !== 0x30) return undefined
  try {
    const items = itemsOf(readDer(der))
    const tags = items.map(({ tag }) => tag.toString(16).padStart(2, '0')).join(' ')
    const label = shapes.find(([shape]) => shape.test(tags))?.[1]
    return label === 'CERTIFICATE' ? signedLabelOf(itemsOf(items[0])) : label
  } catch {
    return undefined
  }
}

/**
 * 02 INTEGER, 03 BIT STRING, 04 OCTET STRING (24 when BER cuts it up), 06 OBJECT IDENTIFIER, 30 SEQUENCE.
 */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/^30 30 03$/, 'CERTIFICATE'],
  [/^02 30 04/, 'PRIVATE KEY'],
  [/^30 (04|24)$/, 'ENCRYPTED PRIVATE KEY'],
  [/^02( 02){8}/, 'RSA PRIVATE KEY'],
  [/^02 04/, 'EC PRIVATE KEY'],
  [/^02 30( 30)?$/, 'PKCS12'],
  [/^30 03$/, 'PUBLIC KEY'],
  [/^02 02$/, 'RSA PUBLIC KEY'],
  [/^06 a0$/, 'PKCS7'],
]

/** What an authority signs looks the same outside. Only a revocation list has its dates among these items. */
function signedLabelOf(items: readonly DerValue[]): string {
  if (items.some(({ tag }) => tag === 0x17 || tag === 0x18)) return 'X509 CRL'
  return items.length < 6 ? 'CERTIFICATE REQUEST' : 'CERTIFICATE'
}
