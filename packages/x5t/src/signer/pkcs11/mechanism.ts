import { createHash } from 'node:crypto'
import type { SignatureAlgorithm } from '../signer.ts'
import type { Cryptoki } from './cryptoki.ts'

/** One way of a token to make a JWS signature. */
export interface Mechanism {
  readonly algorithm: SignatureAlgorithm
  /** As `C_SignInit` takes it. */
  readonly native: { readonly mechanism: number; readonly parameter?: PssParameters }
  /** What the token signs: the data where it hashes, else the hash. */
  input(data: Uint8Array): Buffer
}

interface PssParameters {
  readonly type: number
  readonly hashAlg: number
  readonly mgf: number
  readonly saltLen: number
}

/** The ways that the token in this slot offers, best first. A key of it can still refuse one. */
export function mechanismsOf({ library, constants }: Cryptoki, slot: Buffer): Mechanism[] {
  const offered = new Set(library.C_GetMechanismList(slot))
  const parameter = {
    type: constants.CK_PARAMS_RSA_PSS,
    hashAlg: constants.CKM_SHA256,
    mgf: constants.CKG_MGF1_SHA256,
    saltLen: 32,
  }
  const { CKM_SHA256_RSA_PKCS_PSS, CKM_RSA_PKCS_PSS, CKM_SHA256_RSA_PKCS, CKM_RSA_PKCS } = constants
  const known: Mechanism[] = [
    { algorithm: 'PS256', native: { mechanism: CKM_SHA256_RSA_PKCS_PSS, parameter }, input: asIs },
    { algorithm: 'PS256', native: { mechanism: CKM_RSA_PKCS_PSS, parameter }, input: sha256 },
    { algorithm: 'RS256', native: { mechanism: CKM_SHA256_RSA_PKCS }, input: asIs },
    { algorithm: 'RS256', native: { mechanism: CKM_RSA_PKCS }, input: digestInfo },
  ]
  return known.filter(
    ({ native }) =>
      offered.has(native.mechanism) &&
      (library.C_GetMechanismInfo(slot, native.mechanism).flags & constants.CKF_SIGN) !== 0,
  )
}

const asIs = (data: Uint8Array) => Buffer.from(data)
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest()

/** RFC 8017 section 9.2, note 1: DigestInfo of SHA-256. */
const digestInfo = (data: Uint8Array) =>
  Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), sha256(data)])
