import type { KeyObject } from 'node:crypto'
import { CertificateError } from '../errors.ts'

/** OpenSSL verifies nothing by a larger one; to sign with one takes minutes. */
const maxBits = 16_384

const hint =
  'an Entra client assertion needs an RSA key of 2048 bits or more; `x5t cert new --name app` makes one'

/**
 * Bits of the modulus, once the key is one that Entra takes for client assertions.
 *
 * Entra: RSA of 2048 bits and more; every Microsoft client signs with RSA only. A key or certificate marked RSA-PSS
 * (OID 1.2.840.113549.1.1.10) is not the same as a PS256 signature by an ordinary RSA key, and no client sends one;
 * that Entra refuses it is a guess.
 *
 * @throws CertificateError `ERR_KEY_UNSUPPORTED` or `ERR_KEY_TOO_SMALL`.
 */
export function acceptedKeyBits(key: KeyObject, name: string): number {
  if (key.asymmetricKeyType !== 'rsa') {
    throw new CertificateError(
      'ERR_KEY_UNSUPPORTED',
      `the key of ${name} is ${kindOf(key)}, not an RSA key`,
      { hint },
    )
  }
  const { modulusLength: bits = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  if (bits < 2048) {
    throw new CertificateError('ERR_KEY_TOO_SMALL', `the RSA key of ${name} has ${bits} bits`, { hint })
  }
  if (bits > maxBits) {
    throw new CertificateError('ERR_KEY_UNSUPPORTED', `the RSA key of ${name} has ${bits} bits, too many`, {
      hint: 'keys of 2048 to 4096 bits are what others use; `x5t cert new --name app` makes one',
    })
  }
  if (publicExponent < 3n || publicExponent % 2n === 0n) {
    throw new CertificateError('ERR_KEY_UNSUPPORTED', `the RSA key of ${name} has no safe public exponent`, {
      hint: 'anybody could sign for it, or nobody; `x5t cert new --name app` makes another',
    })
  }
  return bits
}

function kindOf(key: KeyObject): string {
  const { asymmetricKeyType: type = 'unknown', asymmetricKeyDetails: details } = key
  if (type === 'ec') return `an EC key (${details?.namedCurve ?? 'unnamed curve'})`
  if (type === 'rsa-pss') return 'an RSA-PSS key'
  return `a key of type ${type}`
}
