import { constants, createPublicKey, type JsonWebKey, type KeyObject, publicEncrypt } from 'node:crypto'
import { base64urlToBigInt } from '../internal/base64url.ts'
import { isRocaModulus } from './roca.ts'

/** A public key of the issuer, ready for use. */
export interface VerificationKey {
  readonly kid: string
  /** Entra, v2.0: whose tokens the key signs; `{tenantid}` in it stands for any tenant. */
  readonly issuer: string | undefined
  /** Equal for equal keys, also across two readings of the key set. */
  readonly identity: string
  /**
   * True if `signature` is RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3) over what has this digest.
   *
   * @param digest - SHA-256, a character for each byte.
   */
  verifies(digest: string, signature: Uint8Array): boolean
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
  if (key === undefined || !isSound(key) || isRocaModulus(base64urlToBigInt(n))) return undefined
  return {
    kid,
    issuer,
    identity: `${n} ${e} ${issuer ?? ''}`,
    verifies: signatureCheck(key),
  }
}

function prepare(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    return undefined
  }
}

/**
 * RFC 8017 section 8.2.2: what the key makes of the signature must be the encoding of the digest, the whole block, byte
 * for byte. Nothing in it is parsed. `crypto.verify` does the same and would hash again what the memory of tokens has
 * hashed.
 */
function signatureCheck(key: KeyObject): VerificationKey['verifies'] {
  const raw = { key, padding: constants.RSA_NO_PADDING }
  const encoded = encodingOf(Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8))
  return (digest, signature) => {
    if (signature.length !== encoded.length || digest.length !== digestLength) return false
    encoded.write(digest, encoded.length - digestLength, 'latin1')
    try {
      return encoded.equals(publicEncrypt(raw, signature))
    } catch {
      return false // a number that is not below the modulus
    }
  }
}

/** RFC 8017 section 9.2: the encoding of a SHA-256 digest in a block of `length` bytes, with room for the digest. */
function encodingOf(length: number): Buffer {
  const digestInfo = Buffer.from('003031300d060960864801650304020105000420', 'hex')
  const block = Buffer.alloc(length, 0xff)
  block.set([0, 1])
  block.set(digestInfo, length - digestLength - digestInfo.length)
  return block
}

const digestLength = 32

function isSound(key: KeyObject): boolean {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  if (modulusLength < 2_048 || modulusLength > 8_192) return false
  return publicExponent >= 3n && publicExponent < 2n ** 32n && publicExponent % 2n === 1n
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
