import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lazily } from '../../src/internal/lazily.ts'

test('one value is made for all who ask, and again after it could not be made', async () => {
  let made = 0
  const value = lazily(async () => {
    if (++made === 1) throw new Error('too many open files')
    return made
  })
  const failed = await Promise.allSettled([value(), value()])
  assert.deepEqual([...failed.map(({ status }) => status), made], ['rejected', 'rejected', 1])
  assert.deepEqual(await Promise.all([value(), value()]), [2, 2])
})
