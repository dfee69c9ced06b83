import { CertificateError } from '../../errors.ts'
import type { Cryptoki } from './cryptoki.ts'
import type { Pkcs11Uri } from './pkcs11-uri.ts'

/** A token that is present: what it is, and how to open it. */
export interface Token {
  readonly slot: Buffer
  readonly label: string
  readonly needsLogin: boolean
  /** The PIN is entered on the device; the library is given none. */
  readonly hasPinPad: boolean
}

/**
 * The one token that the URI describes.
 *
 * @throws CertificateError `ERR_PKCS11_TOKEN_MISSING` or `ERR_PKCS11_TOKEN_AMBIGUOUS`, listing what is there.
 */
export function findToken({ library, constants }: Cryptoki, uri: Pkcs11Uri): Token {
  const slots = library.C_GetSlotList(true).map((slot) => ({ slot, info: library.C_GetTokenInfo(slot) }))
  const present = slots.filter(({ info }) => (info.flags & constants.CKF_TOKEN_INITIALIZED) !== 0)
  const found = present.filter(({ info }) => {
    const pairs = [
      [uri.token, info.label],
      [uri.manufacturer, info.manufacturerID],
      [uri.model, info.model],
      [uri.serial, info.serialNumber],
    ] as const
    return pairs.every(([wanted, actual]) => wanted === undefined || wanted === actual.trim())
  })
  const [token] = found
  if (token === undefined || found.length > 1) {
    const list = (found.length > 1 ? found : present).map(({ info }) => nameOf(info))
    throw token === undefined ? missing(list) : ambiguous(list)
  }
  return {
    slot: token.slot,
    label: token.info.label.trim(),
    needsLogin: (token.info.flags & constants.CKF_LOGIN_REQUIRED) !== 0,
    hasPinPad: (token.info.flags & constants.CKF_PROTECTED_AUTHENTICATION_PATH) !== 0,
  }
}

function nameOf({ label, serialNumber }: { label: string; serialNumber: string }): string {
  return `${label.trim()} (serial ${serialNumber.trim()})`
}

function missing(present: readonly string[]): CertificateError {
  return new CertificateError(
    'ERR_PKCS11_TOKEN_MISSING',
    `no token matches the PKCS#11 URI; ${present.length === 0 ? 'there is none at all' : `there are: ${present.join(', ')}`}`,
    { hint: 'check token= in the URI, and whether the device is plugged in and its driver runs' },
  )
}

function ambiguous(found: readonly string[]): CertificateError {
  return new CertificateError(
    'ERR_PKCS11_TOKEN_AMBIGUOUS',
    `several tokens match the PKCS#11 URI: ${found.join(', ')}`,
    { hint: 'add token= or serial= to the URI' },
  )
}
