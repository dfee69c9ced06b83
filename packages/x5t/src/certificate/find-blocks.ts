import { CertificateError } from '../errors.ts'
import { isSequence, withoutPadding } from './der.ts'
import { damaged } from './input-error.ts'
import { labelOf } from './label-of.ts'
import { type PemBlock, parsePem } from './pem.ts'

/** A certificate with its chain and key takes 10 KiB; a trust store of a whole system half of this. */
export const maxContentBytes = 1_048_576

/**
 * Finds certificates and keys in whatever people have: PEM, DER or PFX, or base64 of one of them, with a byte-order
 * mark, in UTF-16, quoted, with `\n` written as two characters or with spaces for line ends.
 *
 * @throws CertificateError `ERR_INPUT_EMPTY`, `ERR_INPUT_UNKNOWN`, `ERR_INPUT_DAMAGED` or `ERR_FILE_TOO_LARGE`.
 */
export function findBlocks(content: string | Uint8Array, name: string): PemBlock[] {
  if (content.length > maxContentBytes) {
    throw new CertificateError('ERR_FILE_TOO_LARGE', `${name} is larger than ${maxContentBytes} bytes`, {
      hint: 'no key or certificate is; look whether it is the right file',
    })
  }
  let bytes = withoutPadding(Buffer.from(content))
  for (let wrappings = 0; wrappings <= maxWrappings; wrappings++) {
    const label = labelOf(bytes)
    if (label !== undefined) return [{ label, der: bytes, encryption: undefined }]
    const text = textOf(bytes)
    if (text === '') throw empty(name)
    if (text.includes('-----BEGIN ')) return parsePem(text, name)
    const unwrapped = unwrapBase64(text)
    if (unwrapped === undefined) break
    bytes = withoutPadding(unwrapped)
  }
  if (!looksBinary(bytes)) throw unknown(name, bytes)
  throw isSequence(bytes) ? otherDer(name) : damaged(`${name} is damaged or cut short`)
}

/** Base64 of base64 happens: a tool encodes a variable that was encoded already. */
const maxWrappings = 2

function textOf(bytes: Buffer): string {
  // From the first of a run of backslashes, or a text of nothing else takes the square of its length.
  // A byte-order mark is white space, and trimmed.
  return decoded(bytes)
    .replace(/(?<!\\)\\+[rn]/g, '\n')
    .trim()
}

/** UTF-8, or UTF-16 of either order: by its mark, or by the zero in its first character, which is ASCII. */
function decoded(bytes: Buffer): string {
  const [first = 1, second = 1] = bytes
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return bytes.toString('utf16le')
  const bigEndian = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0)
  if (!bigEndian) return bytes.toString('utf8')
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
    .swap16()
    .toString('utf16le')
}

/** Either alphabet, any white space, perhaps in quotes. */
function unwrapBase64(text: string): Buffer | undefined {
  const base64 = text.replace(/[\s"']+/g, '')
  return /^[A-Za-z0-9+/_-]{4,}={0,2}$/.test(base64) ? Buffer.from(base64, 'base64') : undefined
}

/** A SEQUENCE of more than 127 bytes. */
function looksBinary(bytes: Buffer): boolean {
  return bytes[0] === 0x30 && ((bytes[1] ?? 0) & 0x80) !== 0
}

function empty(name: string): CertificateError {
  return new CertificateError('ERR_INPUT_EMPTY', `${name} is empty`, {
    hint: 'look whether the file or variable was written at all',
  })
}

function unknown(name: string, bytes: Buffer): CertificateError {
  const start = bytes.subarray(0, 64).toString('latin1')
  const other = otherForms.find(([form]) => form.test(start))
  return new CertificateError(
    'ERR_INPUT_UNKNOWN',
    `${name} is neither PEM, DER nor PFX, nor base64 of one of them`,
    { hint: other?.[1] ?? 'a certificate in PEM begins with -----BEGIN CERTIFICATE-----' },
  )
}

function otherDer(name: string): CertificateError {
  return new CertificateError(
    'ERR_INPUT_UNKNOWN',
    `${name} holds DER that is neither key, certificate nor PFX`,
    {
      hint: 'openssl asn1parse -inform DER -in <file> shows what is in it; a BCFKS keystore is a file of Java',
    },
  )
}

const otherForms: readonly (readonly [RegExp, string])[] = [
  [
    // JKS, JCEKS, and BKS and UBER of BouncyCastle: a version, then the length of a salt.
    /^(\xfe\xed\xfe\xed|\xce\xce\xce\xce|\0{3}[^\0]\0{3}[^\0])/,
    'it is a Java keystore: keytool -importkeystore -deststoretype PKCS12 makes a PFX of it',
  ],
  [/^.\xf1\xb5\xb0/, 'it is a PVK file of Windows: openssl rsa -inform PVK -in <file> makes PEM of it'],
  [/^PuTTY-User-Key-File/, 'it is a PuTTY key; there is no certificate to it'],
  [/^ssh-/, 'it is an SSH public key; Entra takes certificates'],
  [/^\s*[{<]/, 'it is JSON or XML; the key has to be in PEM'],
]
