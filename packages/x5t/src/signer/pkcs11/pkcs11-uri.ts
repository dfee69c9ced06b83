import { ConfigurationError } from '../../errors.ts'

/** What a PKCS#11 URI says about where a key is. Everything given must match. */
export interface Pkcs11Uri {
  readonly token?: string | undefined
  readonly manufacturer?: string | undefined
  readonly model?: string | undefined
  readonly serial?: string | undefined
  /** CKA_LABEL of key and certificate. */
  readonly object?: string | undefined
  /** CKA_ID of key and certificate. */
  readonly id?: Buffer | undefined
  /** Path of the PKCS#11 library. */
  readonly modulePath?: string | undefined
  /** File that holds the PIN. */
  readonly pinFile?: string | undefined
}

/**
 * Reads `pkcs11:token=Signing;object=app?module-path=/usr/lib/…&pin-source=file:/run/secrets/pin`.
 *
 * Attributes that say nothing about which key it is (`library-…`, `slot-…`, `type`) are passed over. A PIN in the URI
 * is refused: URIs stand in command lines, configuration and logs.
 *
 * @throws ConfigurationError `ERR_PKCS11_URI_INVALID`.
 * @see RFC 7512
 */
export function parsePkcs11Uri(uri: string): Pkcs11Uri {
  if (typeof uri !== 'string') throw new TypeError('uri must say which key, pkcs11:token=…;object=…')
  if (!uri.startsWith('pkcs11:')) throw invalid('a PKCS#11 URI begins with pkcs11:')
  const [path = '', query = ''] = uri.slice('pkcs11:'.length).split('?')
  const attributes = attributesOf(path, ';')
  const queries = attributesOf(query, '&')
  if (queries.has('pin-value')) {
    throw invalid(
      'pin-value puts the PIN into the URI',
      'name a file with pin-source=file:/…, or give the pin option',
    )
  }
  const text = (name: string) => attributes.get(name)?.toString('utf8')
  const pinSource = queries.get('pin-source')?.toString('utf8')
  return {
    token: text('token'),
    manufacturer: text('manufacturer'),
    model: text('model'),
    serial: text('serial'),
    object: text('object'),
    id: attributes.get('id'),
    modulePath: queries.get('module-path')?.toString('utf8'),
    pinFile: pinSource === undefined ? undefined : fileOf(pinSource),
  }
}

function attributesOf(text: string, separator: string): Map<string, Buffer> {
  const attributes = new Map<string, Buffer>()
  for (const attribute of text.split(separator).filter((part) => part !== '')) {
    const equals = attribute.indexOf('=')
    const name = attribute.slice(0, equals)
    if (equals < 1) throw invalid(`${attribute} is no name=value`)
    if (attributes.has(name)) throw invalid(`${name} is given twice`)
    attributes.set(name, percentDecoded(attribute.slice(equals + 1)))
  }
  return attributes
}

/** To bytes: an id is any bytes, not text. */
function percentDecoded(value: string): Buffer {
  if (/%(?![0-9A-Fa-f]{2})/.test(value)) throw invalid('a % is not followed by two hex digits')
  const bytes = value.replace(/%([0-9A-Fa-f]{2})|[^%]+/g, (text, hex?: string) =>
    hex === undefined ? Buffer.from(text).toString('latin1') : String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1')
}

function fileOf(pinSource: string): string {
  if (pinSource.startsWith('|')) throw invalid('pin-source names a command, and only files are read')
  return pinSource.replace(/^file:(\/\/(?=\/))?/, '')
}

function invalid(message: string, hint = 'for example pkcs11:token=Signing;object=app'): ConfigurationError {
  return new ConfigurationError('ERR_PKCS11_URI_INVALID', message, { hint })
}
