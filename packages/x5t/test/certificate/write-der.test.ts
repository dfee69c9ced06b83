import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { identifierOf, integerOf, itemsOf, octetsOf, readDer } from '../../src/certificate/der.ts'
import { bits, identifier, integer, octets, sequence, time, utf8 } from '../../src/certificate/write-der.ts'
import { folder, openssl, skipWithoutOpenssl } from '../support/openssl.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** X.690: sections 8.3, 8.19 and 10.1, and what OpenSSL prints below. */
const values: [what: string, der: Buffer, expected: string][] = [
  ['0', integer(0), '020100'],
  ['127', integer(127), '02017f'],
  ['128, which would look negative', integer(128), '02020080'],
  ['256', integer(256), '02020100'],
  ['2^40', integer(2 ** 40), '0206010000000000'],
  ['sha256WithRSAEncryption', identifier('1.2.840.113549.1.1.11'), '06092a864886f70d01010b'],
  ['an arc of the second root', identifier('2.16.840.1.101.3.4.1.42'), '060960864801650304012a'],
  ['a second arc over 39', identifier('2.999.3'), '0603883703'],
  ['a bit string of one bit', bits(Buffer.of(0x80), 7), '03020780'],
  ['text', utf8('é'), '0c02c3a9'],
  ['nothing in a sequence', sequence(), '3000'],
  ['the last second of 2049', time(Date.UTC(2050, 0, 1) - 1), `170d${hex(Buffer.from('491231235959Z'))}`],
  ['the first of 2050', time(Date.UTC(2050, 0, 1)), `180f${hex(Buffer.from('20500101000000Z'))}`],
]
for (const [what, der, expected] of values) test(`DER of ${what}`, () => assert.equal(hex(der), expected))

test('what is written is read back, at the lengths where the form of the length changes', () => {
  for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
    const bytes = Buffer.alloc(length, 7)
    assert.ok(octetsOf(readDer(octets(bytes))).equals(bytes), String(length))
  }
  fc.assert(
    fc.property(fc.nat(), fc.array(fc.nat(), { maxLength: 8 }), (number, arcs) => {
      const [first, second] = itemsOf(
        readDer(sequence(integer(number), identifier(['1.2', ...arcs].join('.')))),
      )
      assert.equal(integerOf(first), number)
      assert.equal(identifierOf(second), ['1.2', ...arcs].join('.'))
    }),
  )
})

describe('OpenSSL', skipWithoutOpenssl, () => {
  test('reads what is written', () => {
    const written = sequence(
      integer(65_537),
      identifier('2.999.3'),
      utf8('bílling'),
      time(Date.UTC(2026, 2, 1)),
    )
    const path = folder.write('written.der', written)
    const text = openssl('asn1parse', '-inform', 'DER', '-in', path)
    assert.match(
      text,
      /INTEGER +:010001\n.*OBJECT +:2\.999\.3\n.*UTF8STRING +:bílling\n.*UTCTIME +:260301000000Z\n$/,
    )
  })
})
