import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { loadCredential } from '../../src/credential/load-credential.ts'
import { craftedPair } from '../support/crafted.ts'

const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
const number = (text = '') => BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`)
const [n, e] = [number(jwk.n), number(jwk.e)]
const rest = [jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi].map(number)
const odd = (bits: bigint) => 2n ** (bits - 1n) + 1n

test('a crafted pair of real numbers loads', async () => {
  const { certificate } = await loadCredential({ pem: craftedPair({ n, e }, rest) })
  assert.equal(certificate.subject, 'CN=crafted')
})

const refused: [string, string, string, RegExp][] = [
  [
    'the public exponent 1',
    craftedPair({ n, e: 1n }, rest),
    'ERR_KEY_UNSUPPORTED',
    /no safe public exponent$/,
  ],
  [
    'an even exponent',
    craftedPair({ n, e: 65_536n }, rest),
    'ERR_KEY_UNSUPPORTED',
    /no safe public exponent$/,
  ],
  [
    'more bits than OpenSSL verifies',
    craftedPair({ n: odd(16_386n), e }),
    'ERR_KEY_UNSUPPORTED',
    /has 16386 bits/,
  ],
  ['an even modulus', craftedPair({ n: n + 1n, e }, rest), 'ERR_KEY_INVALID', /does not sign$/],
  // OpenSSL 3.5, of Node 22 and later, does not read it.
  process.versions.openssl.startsWith('3.0.')
    ? ['the modulus 0', craftedPair({ n: 0n, e }, rest), 'ERR_KEY_TOO_SMALL', /has 0 bits$/]
    : ['the modulus 0', craftedPair({ n: 0n, e }, rest), 'ERR_KEY_INVALID', /cannot be read$/],
  [
    'primes that are zero',
    craftedPair({ n, e }, [0n, 0n, 0n, 0n, 0n, 0n]),
    'ERR_KEY_INVALID',
    /does not sign$/,
  ],
  [
    'a certificate marked RSA-PSS over the same numbers',
    craftedPair({ n, e }, rest, { algorithm: '1.2.840.113549.1.1.10' }),
    'ERR_KEY_UNSUPPORTED',
    /is an RSA-PSS key/,
  ],
  [
    'a certificate over a key of no known kind',
    craftedPair({ n, e }, rest, { algorithm: '1.2.3.4' }),
    'ERR_KEY_UNSUPPORTED',
    /unknown kind$/,
  ],
  [
    'a certificate until the year 49, which is not 2049',
    craftedPair({ n, e }, rest, { notBefore: '00010101000000Z', notAfter: '00490101000000Z' }),
    'ERR_CERT_INVALID',
    /cannot be read$/,
  ],
]
for (const [what, pem, code, message] of refused) {
  test(`${what}: ${code}`, async () => {
    await assert.rejects(loadCredential({ pem }), (error: Error & { hint?: string }) => {
      assert.ok(error.hint)
      assert.match(error.message, message)
      return 'code' in error && error.code === code
    })
  })
}
