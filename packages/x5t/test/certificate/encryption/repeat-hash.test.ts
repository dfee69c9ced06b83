import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { repeatHash } from '../../../src/certificate/encryption/repeat-hash.ts'
import { countTurns } from '../../support/turns.ts'

test('the hash of the hash of the hash', async () => {
  const sha1 = (data: Uint8Array) => createHash('sha1').update(data).digest()
  assert.deepEqual(await repeatHash('sha1', Buffer.from('a'), 3), sha1(sha1(sha1(Buffer.from('a')))))
})

test('others have their turn within many rounds, and between many calls of few', async () => {
  assert.ok((await countTurns(() => repeatHash('sha1', Buffer.from('a'), 5 * 4_096))) >= 5)
  const turns = await countTurns(async () => {
    for (let call = 0; call < 12; call++) await repeatHash('sha1', Buffer.from('a'), 1_000)
  })
  assert.ok(turns >= 12, `${turns} turns`)
})
