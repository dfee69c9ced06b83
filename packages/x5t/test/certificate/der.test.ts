import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type DerValue,
  identifierOf,
  integerOf,
  itemsOf,
  octetsOf,
  readDer,
} from '../../src/certificate/der.ts'
import { toIndefiniteLengths } from '../support/pfx.ts'

/** A value to encode: octets, or a sequence of values. */
type Tree = Uint8Array | readonly Tree[]

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof({ maxDepth: 5 }, fc.uint8Array({ maxLength: 300 }), fc.array(tie('tree'), { maxLength: 4 })),
}))

function encode(value: Tree): Buffer {
  const content = value instanceof Uint8Array ? Buffer.from(value) : Buffer.concat(value.map(encode))
  const long = content.length.toString(16).padStart(8, '0')
  const length = content.length < 0x80 ? Buffer.of(content.length) : Buffer.from(`84${long}`, 'hex')
  return Buffer.concat([Buffer.of(value instanceof Uint8Array ? 0x04 : 0x30), length, content])
}

function decode(value: DerValue): Tree {
  return value.tag === 0x30 ? itemsOf(value).map(decode) : new Uint8Array(octetsOf(value))
}

test('what is encoded is read back, with definite and with indefinite lengths', () => {
  fc.assert(
    fc.property(tree, (value) => {
      assert.deepEqual(decode(readDer(encode(value))), value)
      assert.deepEqual(decode(readDer(toIndefiniteLengths(encode(value)))), value)
    }),
  )
})

test('a value cut short, or with anything behind it, is a SyntaxError', () => {
  fc.assert(
    fc.property(tree, fc.nat(), (value, at) => {
      for (const bytes of [encode(value), toIndefiniteLengths(encode(value))]) {
        assert.throws(() => readDer(bytes.subarray(0, at % bytes.length)), SyntaxError)
        for (const behind of [Buffer.of(0), Buffer.of(0, 0), bytes]) {
          assert.throws(() => readDer(Buffer.concat([bytes, behind])), SyntaxError)
        }
      }
    }),
  )
})

test('any bytes are read or refused with a SyntaxError, at every depth', () => {
  const walk = (value: DerValue): void => {
    if ((value.tag & 0x20) !== 0) itemsOf(value, value.tag).forEach(walk)
  }
  const bytes = fc.uint8Array({ maxLength: 200 })
  fc.assert(
    fc.property(fc.oneof(bytes, tree.map(encode)), fc.nat(), fc.nat(255), (input, at, octet) => {
      const mutated = Buffer.from(input)
      if (mutated.length > 0) mutated[at % mutated.length] = octet
      try {
        walk(readDer(mutated))
      } catch (error) {
        assert.ok(error instanceof SyntaxError, String(error))
      }
    }),
    { numRuns: 2_000 },
  )
})

test('indefinite lengths nested without end are refused', () => {
  assert.throws(() => readDer(Buffer.alloc(100_000, Buffer.of(0x30, 0x80))), SyntaxError)
})

test('numbers and identifiers are read as OpenSSL writes them', () => {
  assert.equal(integerOf(readDer(Buffer.from('020300c350', 'hex'))), 50_000)
  assert.equal(identifierOf(readDer(Buffer.from('06092a864886f70d01050d', 'hex'))), '1.2.840.113549.1.5.13')
  assert.equal(identifierOf(readDer(Buffer.from('060960864801650304012a', 'hex'))), '2.16.840.1.101.3.4.1.42')
})

test('an identifier longer than any is none', () => {
  const long = Buffer.concat([Buffer.of(0x06, 0x81, 200), Buffer.alloc(200, 1)])
  assert.throws(() => identifierOf(readDer(long)), SyntaxError)
})

test('a value of more items than any file has is not read to its end', () => {
  const many = Buffer.alloc(20_002, Buffer.of(0x05, 0))
  const definite = Buffer.concat([Buffer.of(0x30, 0x82, many.length >> 8, many.length & 0xff), many])
  assert.throws(() => itemsOf(readDer(definite)), SyntaxError)
  assert.throws(() => readDer(Buffer.concat([Buffer.of(0x30, 0x80), many, Buffer.of(0, 0)])), SyntaxError)
})

for (const [what, hex, read] of [
  ['a number below zero', '0201ff', integerOf],
  ['a number of seven octets', '020701000000000000', integerOf],
  ['a tag number over 30', '1f810100', (value: DerValue) => value],
  ['a length of seven octets', '04870000000000000105', octetsOf],
] as const) {
  test(`${what} is in no file here, and refused`, () => {
    assert.throws(() => read(readDer(Buffer.from(hex, 'hex'))), SyntaxError)
  })
}
