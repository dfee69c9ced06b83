import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parsePem, toPem } from '../../src/certificate/pem.ts'
import { X5tError } from '../../src/errors.ts'

const label = fc.constantFrom('CERTIFICATE', 'PRIVATE KEY', 'RSA PRIVATE KEY', 'X509 CRL')
const der = fc.uint8Array({ minLength: 1, maxLength: 300 })
const between = fc.constantFrom(
  '',
  '\n',
  'Bag Attributes\n    localKeyID: 01 00 00 00 \n    friendlyName: tp-0815\nKey Attributes: <No Attributes>\n',
  'subject=CN = app\n\nissuer=CN = app\n',
  'Certificate:\n    Data:\n        Version: 3 (0x2)\n',
)
const lineEnd = fc.constantFrom('\n', '\r\n', '\r', ' ', '')

test('blocks are found in order, whatever stands between them and whatever ends their lines', () => {
  const blocks = fc.array(fc.tuple(between, label, der), { maxLength: 5 })
  fc.assert(
    fc.property(blocks, lineEnd, between, (parts, end, last) => {
      const text = parts
        .map(([before, name, bytes]) => before + toPem(name, bytes).replaceAll('\n', end))
        .join('')
      const found = parsePem(text + last, 'text')
      assert.deepEqual(
        found.map((block) => [block.label, new Uint8Array(block.der)]),
        parts.map(([, name, bytes]) => [name, bytes]),
      )
    }),
  )
})

test('a text cut off inside a block is ERR_INPUT_DAMAGED', () => {
  fc.assert(
    fc.property(label, der, fc.nat(), (name, bytes, at) => {
      const text = toPem(name, bytes)
      const [begin, end] = [text.indexOf('\n'), text.length - 2]
      const cut = text.slice(0, begin + (at % (end - begin)))
      assert.throws(() => parsePem(cut, 'text'), { code: 'ERR_INPUT_DAMAGED' })
    }),
  )
})

test('any text is split or refused with a typed error', () => {
  const pieces = fc.constantFrom(
    '-----BEGIN ',
    'CERTIFICATE',
    '-----',
    'END ',
    '\n',
    'MIIB',
    '=',
    ' ',
    '\\n',
    'é',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 30 }), (parts) => {
      try {
        parsePem(parts.join(''), 'text')
      } catch (error) {
        assert.ok(error instanceof X5tError, String(error))
      }
    }),
    { numRuns: 1_000 },
  )
})

test('a mebibyte of BEGIN lines takes no longer than reading it', () => {
  const started = process.cpuUsage()
  assert.throws(() => parsePem('-----BEGIN CERTIFICATE-----\n'.repeat(37_000), 'text'), {
    code: 'ERR_INPUT_DAMAGED',
  })
  assert.ok(process.cpuUsage(started).user < 1_000_000)
})
