import { constants, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { acceptedKeyBits } from '../certificate/accepted-key.ts'
import { CertificateError } from '../errors.ts'
import type { SignatureAlgorithm, Signer } from './signer.ts'

/** RFC 7518: PS256 has a salt as long as the hash; RS256 is PKCS#1 v1.5. */
const padding: Record<SignatureAlgorithm, { padding: number; saltLength?: number }> = {
  PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  RS256: { padding: constants.RSA_PKCS1_PADDING },
}

const signOnThreadPool = promisify(sign)

/**
 * Signs with an RSA private key that this process holds, off the event loop.
 *
 * @throws CertificateError when Entra would not accept a key of its kind or size.
 */
export function keyObjectSigner(key: KeyObject): Signer {
  acceptedKeyBits(key, 'the signer')
  return {
    async sign(algorithm, data) {
      try {
        return await signOnThreadPool('sha256', data, { key, ...padding[algorithm] })
      } catch (cause) {
        throw new CertificateError('ERR_SIGNER_FAILED', `the private key did not sign with ${algorithm}`, {
          cause,
        })
      }
    },
  }
}
