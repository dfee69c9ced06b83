import type { SigningKey } from '../token/signing-keys.ts'

/**
 * RFC 7517 section 5. Entra: no `alg`; v2 keys say which issuer they sign for, v1 keys do not.
 *
 * @param issuer - Of v2 keys; undefined for v1.
 */
export function keySet(keys: readonly SigningKey[], issuer: string | undefined): object {
  return {
    keys: keys.map(({ kid, n, e, x5c }) => ({
      kty: 'RSA',
      use: 'sig',
      kid,
      x5t: kid,
      n,
      e,
      x5c: [x5c],
      ...(issuer === undefined ? {} : { cloud_instance_name: 'microsoftonline.com', issuer }),
    })),
  }
}
