import { createPublicKey, createVerify, type JsonWebKey, type KeyObject } from 'node:crypto'
import { isRocaModulus } from './roca.ts'

/** A public key of the issuer, ready for use. */
export interface VerificationKey {
  readonly kid: string
  /** Entra, v2.0: whose tokens the key signs; `{tenantid}` in it stands for any tenant. */
  readonly issuer: string | undefined
  /** Equal for equal keys, also across two readings of the key set. */
  readonly identity: string
  /** True if `signature` is RSASSA-PKCS1-v1_5 with SHA-256 over the ASCII text `data` (RFC 7518 section 3.3). */
  verifies(data: string, signature: Uint8Array): boolean
}

/**
 * Reads one member of a key set (RFC 7517 section 4).
 *
 * @param cloud - Entra: `cloud_instance_name` of the metadata; a key that names another cloud is not for us.
 * @returns `undefined` for a key that must not verify access tokens: not RSA, not for RS256 signatures, under 2048
 * bits, with an exponent that makes every signature valid or verification slow, or whose private part is published
 * or can be computed (ROCA).
 */
export function readKey(jwk: unknown, cloud?: string | undefined): VerificationKey | undefined {
  if (!isObject(jwk)) return undefined
  const { kty, kid, use, alg, key_ops: operations, n, e, d, issuer, cloud_instance_name: keyCloud } = jwk
  if (kty !== 'RSA' || typeof n !== 'string' || typeof e !== 'string' || d !== undefined) return undefined
  if (typeof kid !== 'string' || kid === '') return undefined
  if (use !== undefined && use !== 'sig') return undefined
  if (alg !== undefined && alg !== 'RS256') return undefined
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify')))
    return undefined
  if (issuer !== undefined && typeof issuer !== 'string') return undefined
  if (keyCloud !== undefined && cloud !== undefined && keyCloud !== cloud) return undefined

  const key = prepare({ kty, n, e })
  if (key === undefined || !isSound(key) || isRocaModulus(bigint(n))) return undefined
  return {
    kid,
    issuer,
    identity: `${n} ${e} ${issuer ?? ''}`,
    verifies: (data, signature) => createVerify('sha256').update(data, 'latin1').verify(key, signature),
  }
}

function prepare(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    return undefined
  }
}

function isSound(key: KeyObject): boolean {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  if (modulusLength < 2_048 || modulusLength > 8_192) return false
  return publicExponent >= 3n && publicExponent < 2n ** 32n && publicExponent % 2n === 1n
}

/** Of base64url that `node:crypto` has read as a number. */
function bigint(text: string): bigint {
  return BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
