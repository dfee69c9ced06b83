import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { X5tError } from '../../../src/errors.ts'
import { parsePkcs11Uri } from '../../../src/signer/pkcs11/pkcs11-uri.ts'

/** From RFC 7512 section 3, and what it means. */
const examples: [string, object][] = [
  ['pkcs11:', {}],
  ['pkcs11:object=my-pubkey;type=public', { object: 'my-pubkey' }],
  [
    'pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;manufacturer=Snake%20Oil,%20Inc.;model=1.0;object=my-certificate;type=cert;id=%69%95%3E%5C%F4%BD%EC%91;serial=?pin-source=file:/etc/token_pin',
    {
      token: 'The Software PKCS#11 Softtoken',
      manufacturer: 'Snake Oil, Inc.',
      model: '1.0',
      object: 'my-certificate',
      id: Buffer.from('69953e5cf4bdec91', 'hex'),
      serial: '',
      pinFile: '/etc/token_pin',
    },
  ],
  [
    'pkcs11:library-manufacturer=Snake%20Oil,%20Inc.;library-description=Soft%20Token%20Library;library-version=1.23',
    {},
  ],
  ['pkcs11:slot-description=Sun%20Metaslot', {}],
  [
    'pkcs11:object=my-sign-key;type=private?module-path=/mnt/libmypkcs11.so.1&pin-source=file:///run/pin',
    { object: 'my-sign-key', modulePath: '/mnt/libmypkcs11.so.1', pinFile: '/run/pin' },
  ],
  ['pkcs11:token=b%C3%BCro', { token: 'büro' }],
]
for (const [uri, expected] of examples) {
  test(`reads ${uri}`, () => {
    const given = Object.entries(parsePkcs11Uri(uri)).filter(([, value]) => value !== undefined)
    assert.deepEqual(Object.fromEntries(given), expected)
  })
}

for (const [what, uri] of [
  ['another scheme', 'https://contoso.vault.azure.net/'],
  ['a PIN', 'pkcs11:object=a?pin-value=1234'],
  ['a command that prints the PIN', 'pkcs11:object=a?pin-source=|/usr/bin/pin'],
  ['an attribute twice', 'pkcs11:token=a;token=b'],
  ['a name without a value', 'pkcs11:token'],
  ['a % that ends nothing', 'pkcs11:id=%1'],
] as const) {
  test(`refuses ${what}, and does not repeat it`, () => {
    assert.throws(
      () => parsePkcs11Uri(uri),
      (error: X5tError) => {
        assert.equal(error.code, 'ERR_PKCS11_URI_INVALID')
        assert.doesNotMatch(error.message, /1234/)
        return true
      },
    )
  })
}

test('no URI at all is a TypeError that names the option', () => {
  const unset = undefined as unknown as string // of a caller without types
  assert.throws(() => parsePkcs11Uri(unset), { name: 'TypeError', message: /^uri must/ })
})

test('any text is read or refused with a typed error', () => {
  const pieces = fc.constantFrom(
    'pkcs11:',
    'token=',
    ';',
    '&',
    '?',
    '%',
    '%41',
    'id=',
    'pin-source=file:',
    'é',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 12 }), (parts) => {
      try {
        parsePkcs11Uri(parts.join(''))
      } catch (error) {
        assert.ok(error instanceof X5tError, String(error))
      }
    }),
  )
})
