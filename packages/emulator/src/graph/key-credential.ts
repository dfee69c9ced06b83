import type { X509Certificate } from 'node:crypto'
import { isObject } from '../directory/definition.ts'
import { parseCertificate, type RegisteredCertificate } from '../directory/registered-certificate.ts'
import { isGuid } from '../guid.ts'
import { readDate, writeDate } from './dates.ts'
import { badRequest, type GraphError, invalidValue } from './graph-error.ts'

/** A registered certificate as Graph's `keyCredential`. `withKey`: its bytes too, which Graph shows only when asked. */
export function writeKeyCredential(certificate: RegisteredCertificate, withKey = false): object {
  const { customKeyIdentifier, displayName, notAfter, notBefore, keyId, x509 } = certificate
  return {
    customKeyIdentifier,
    displayName,
    endDateTime: writeDate(notAfter),
    key: withKey ? x509.raw.toString('base64') : null,
    keyId,
    startDateTime: writeDate(notBefore),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
  }
}

/** What a client says of a key; each member by itself is right. */
export interface GivenKey {
  readonly keyId: string | undefined
  readonly displayName: string | undefined
  readonly customKeyIdentifier: string | undefined
  /** Undefined where it was left out or null: the entry names one that is there. */
  readonly x509: X509Certificate | undefined
  /** Epoch milliseconds. */
  readonly notBefore: number | undefined
  /** Epoch milliseconds. */
  readonly notAfter: number | undefined
}

const members: ReadonlySet<string> = new Set([
  'customKeyIdentifier',
  'displayName',
  'endDateTime',
  'key',
  'keyId',
  'startDateTime',
  'type',
  'usage',
])

/** Entra: at most 40 characters. */
const longestIdentifier = 40

/**
 * @param resource - For messages: `Application` or `ServicePrincipal`.
 * @throws GraphError 400
 */
export function readKeyCredential(given: unknown, resource: string): GivenKey {
  if (!isObject(given)) throw invalidValue('keyCredentials', resource)
  const unknown = Object.keys(given).find((name) => !members.has(name) && !name.includes('@odata.'))
  if (unknown !== undefined)
    throw badRequest(
      `The property '${unknown.slice(0, 80)}' does not exist on type 'microsoft.graph.keyCredential'. Make sure to only use property names that are defined by the type.`,
    )
  const { type, usage, keyId, displayName, customKeyIdentifier, key, startDateTime, endDateTime } = given
  if (!isText(type, 'asymmetricx509cert') || !isText(usage, 'verify'))
    throw invalidValue('keyCredentials', resource)
  if (keyId != null && !(typeof keyId === 'string' && isGuid(keyId))) throw notOfType(keyId, 'Edm.Guid')
  return {
    keyId: keyId == null ? undefined : keyId.toLowerCase(),
    displayName: readDisplayName(displayName, resource),
    customKeyIdentifier: readIdentifier(customKeyIdentifier, resource),
    x509: key == null ? undefined : readKey(key, resource),
    notBefore: readInstant(startDateTime),
    notAfter: readInstant(endDateTime),
  }
}

const isText = (value: unknown, lowerCase: string): boolean =>
  typeof value === 'string' && value.toLowerCase() === lowerCase

function readIdentifier(value: unknown, resource: string): string | undefined {
  if (value == null) return undefined
  if (typeof value !== 'string' || !isBase64(value)) throw notOfType(value, 'Edm.Binary')
  if (value.length > longestIdentifier) throw invalidValue('customKeyIdentifier', resource)
  return value
}

/**
 * The certificate, DER or the PEM text, in base64. A container with a private key is no certificate: PKCS#12 does not
 * parse as one, and a PEM text that holds a key is refused, so that nobody takes it for kept.
 */
function readKey(value: unknown, resource: string): X509Certificate {
  if (typeof value !== 'string' || !isBase64(value)) throw notOfType(value, 'Edm.Binary')
  const bytes = Buffer.from(value, 'base64')
  const x509 = bytes.includes('PRIVATE KEY-----') ? undefined : parseCertificate(bytes)
  if (x509 === undefined) throw invalidValue('keyCredentials', resource)
  return x509
}

/** The Azure CLI breaks long lines. Guess: that others may too. */
function isBase64(value: string): boolean {
  const compact = value.replace(/[\r\n]/g, '')
  return compact.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(compact)
}

/** Guess: an empty name counts as none, and 256 characters are the most. */
export function readDisplayName(value: unknown, resource: string): string | undefined {
  if (value == null || value === '') return undefined
  if (typeof value !== 'string') throw notOfType(value, 'Edm.String')
  if (value.length > 256) throw invalidValue('displayName', resource)
  return value
}

export function readInstant(value: unknown): number | undefined {
  if (value == null) return undefined
  const at = readDate(value)
  if (at === undefined) throw notOfType(value, 'Edm.DateTimeOffset')
  return at
}

/** The value is not repeated: it may be a key. */
function notOfType(value: unknown, type: string): GraphError {
  const what = typeof value === 'string' ? 'the literal' : `a value of type ${typeof value}`
  return badRequest(`Cannot convert ${what} to the expected type '${type}'.`)
}
