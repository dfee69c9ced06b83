import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decryptRc2 } from '../../../src/certificate/encryption/rc2.ts'
import { countTurns } from '../../support/turns.ts'

/** RFC 2268 section 5: key, effective bits, plaintext, ciphertext. */
const vectors: [string, number, string, string][] = [
  ['0000000000000000', 63, '0000000000000000', 'ebb773f993278eff'],
  ['ffffffffffffffff', 64, 'ffffffffffffffff', '278b27e42e2f0d49'],
  ['3000000000000000', 64, '1000000000000001', '30649edf9be7d2c2'],
  ['88', 64, '0000000000000000', '61a8a244adacccf0'],
  ['88bca90e90875a', 64, '0000000000000000', '6ccf4308974c267f'],
  ['88bca90e90875a7f0f79c384627bafb2', 64, '0000000000000000', '1a807d272bbe5db1'],
  ['88bca90e90875a7f0f79c384627bafb2', 128, '0000000000000000', '2269552ab0f85ca6'],
  [
    '88bca90e90875a7f0f79c384627bafb216f80a6f85920584c42fceb0be255daf1e',
    129,
    '0000000000000000',
    '5b78d3a43dfff1f1',
  ],
]
const hex = (text: string) => Buffer.from(text, 'hex')

for (const [key, effectiveBits, plaintext, ciphertext] of vectors) {
  test(`RFC 2268: a key of ${key.length / 2} bytes worth ${effectiveBits} bits decrypts ${ciphertext}`, async () => {
    // This initialization vector turns the plaintext into a block of padding, which is taken off.
    const iv = hex(plaintext).map((octet) => octet ^ 8)
    assert.equal((await decryptRc2(hex(key), effectiveBits, iv, hex(ciphertext)))?.length, 0)
    const wrongKey = Buffer.from(hex(key)).fill(1)
    assert.equal(await decryptRc2(wrongKey, effectiveBits, iv, hex(ciphertext)), undefined)
  })
}

test('RC2: others have their turn within a long ciphertext', async () => {
  const turns = await countTurns(() =>
    decryptRc2(hex('88bca90e90'), 40, Buffer.alloc(8), Buffer.alloc(100_000)),
  )
  assert.ok(turns >= 12, `${turns} turns`)
})
