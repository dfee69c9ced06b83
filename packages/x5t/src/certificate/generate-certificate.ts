import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { toPem } from './pem.ts'
import { privateKeyPem } from './private-key-pem.ts'

export interface GenerateOptions {
  /** Common name of subject and issuer, 1 to 64 characters. */
  readonly commonName: string
  /** Organization of both, 1 to 64 characters. */
  readonly organization?: string | undefined
  /** Bits of the RSA key, default 2048. 4096 can take some seconds. */
  readonly bits?: 2048 | 3072 | 4096 | undefined
  /** Whole days until it expires: default 365, at most 398, or 3650 with `allowLongValidity`. */
  readonly days?: number | undefined
  readonly allowLongValidity?: boolean | undefined
  /** Encrypts the private key. Without it the key is not encrypted. */
  readonly passphrase?: string | undefined
  readonly now?: (() => number) | undefined
}

export interface GeneratedCertificate {
  readonly certificatePem: string
  /** PKCS#8, encrypted when a passphrase was given. */
  readonly privateKeyPem: string
}

/**
 * A new RSA key and a self-signed certificate for it, as an app registration wants it. The key is made and signs on
 * the thread pool; nothing here blocks.
 *
 * @throws TypeError for options out of bounds.
 */
export async function generateCertificate(options: GenerateOptions): Promise<GeneratedCertificate> {
  const { commonName, organization, bits = 2048, days = 365, passphrase, now = Date.now } = options
  const maxDays = options.allowLongValidity ? 3650 : 398
  assertName('commonName', commonName)
  if (organization !== undefined) assertName('organization', organization)
  if (![2048, 3072, 4096].includes(bits)) throw new TypeError('bits must be 2048, 3072 or 4096')
  if (!Number.isInteger(days) || days < 1 || days > maxDays) {
    throw new TypeError(`days must be a whole number from 1 to ${maxDays}`)
  }
  if (passphrase === '') throw new TypeError('passphrase must not be empty')

  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: bits })
  const { selfSign } = await import('./self-sign.ts')
  const der = await selfSign({
    subject: { commonName, organization },
    publicKey,
    privateKey,
    days,
    now: now(),
  })
  return {
    certificatePem: toPem('CERTIFICATE', der),
    privateKeyPem: await privateKeyPem(privateKey, passphrase),
  }
}

/** RFC 5280 appendix A.1: the bound of both attributes. */
function assertName(option: string, value: unknown): void {
  if (typeof value === 'string' && value.length >= 1 && value.length <= 64) return
  throw new TypeError(`${option} must have 1 to 64 characters`)
}
