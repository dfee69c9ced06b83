import { constants, type KeyObject, verify } from 'node:crypto'
import type { Jws } from './jws.ts'

/** How a signature is verified: node:crypto's names. */
export interface SignatureAlgorithm {
  readonly hash: 'sha256' | 'sha384' | 'sha512'
  readonly padding: number
  /** Bytes; PSS only. */
  readonly saltLength?: number
}

const pkcs1 = constants.RSA_PKCS1_PADDING

/**
 * The algorithms taken, RFC 7518 section 3.
 *
 * Entra: its own error text lists the first three; PS256 is taken since 2024, with a salt as long as the hash.
 * Elliptic curves are not.
 */
export const signatureAlgorithms: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  ['RS256', { hash: 'sha256', padding: pkcs1 }],
  ['RS384', { hash: 'sha384', padding: pkcs1 }],
  ['RS512', { hash: 'sha512', padding: pkcs1 }],
  ['PS256', { hash: 'sha256', padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }],
])

/** Whether the key made the signature. Off the main thread; false for a key of another kind. */
export function signatureHolds(jws: Jws, key: KeyObject, algorithm: SignatureAlgorithm): Promise<boolean> {
  const { hash, padding, saltLength } = algorithm
  if (key.asymmetricKeyType !== 'rsa') return Promise.resolve(false)
  return new Promise((resolve) => {
    verify(hash, jws.signed, { key, padding, saltLength }, jws.signature, (error, holds) =>
      resolve(!error && holds),
    )
  })
}
