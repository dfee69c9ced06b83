import type { KeyObject } from 'node:crypto'
import { base64urlToBigInt } from '../internal/base64url.ts'

/**
 * True if the numbers of an RSA private key fit together, so that it signs what its public half verifies. To sign and
 * verify says the same and takes five times as long, which a short process waits for.
 *
 * False for a damaged key, and where the numbers do not tell: a key may have more than two primes, or keep none.
 *
 * @see RFC 8017 section 3.2
 */
export function isWholeKey(key: KeyObject): boolean {
  const { n, e, d, p, q, dp, dq, qi } = key.export({ format: 'jwk' })
  const numbers = [n, e, d, p, q, dp, dq, qi].map((text = '') => base64urlToBigInt(text))
  const [modulus = 0n, exponent = 0n, secret = 0n, first = 0n, second = 0n, ofFirst, ofSecond, inverse = 0n] =
    numbers
  if (first <= 1n || second <= 1n || first * second !== modulus) return false
  return (
    (exponent * secret) % (first - 1n) === 1n &&
    (exponent * secret) % (second - 1n) === 1n &&
    secret % (first - 1n) === ofFirst &&
    secret % (second - 1n) === ofSecond &&
    (inverse * second) % first === 1n
  )
}
