import { type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { acceptedKeyBits } from '../certificate/accepted-key.ts'
import { CertificateError } from '../errors.ts'
import { rsaPadding } from './rsa-padding.ts'
import type { Signer } from './signer.ts'

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
        return await signOnThreadPool('sha256', data, { key, ...rsaPadding[algorithm] })
      } catch (cause) {
        throw new CertificateError('ERR_SIGNER_FAILED', `the private key did not sign with ${algorithm}`, {
          cause,
        })
      }
    },
  }
}
