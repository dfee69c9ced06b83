import { constants } from 'node:crypto'
import type { SignatureAlgorithm } from './signer.ts'

/** RFC 7518 sections 3.3 and 3.5: PS256 has a salt as long as the hash, RS256 is PKCS#1 v1.5. */
export const rsaPadding: Record<SignatureAlgorithm, { padding: number; saltLength?: number }> = {
  PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  RS256: { padding: constants.RSA_PKCS1_PADDING },
}
