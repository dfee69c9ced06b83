import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adviseOn } from '../../src/entra/aadsts/advice.ts'

const facts = {
  clientId: 'the-app',
  tenant: 'contoso.com',
  thumbprintSha1Hex: 'AB12',
  thumbprintSha256: 'cd34',
}

test('an unknown certificate is named as the portal lists it, and where to look', () => {
  const { summary, hint = '' } = adviseOn([700027], facts)
  assert.equal(summary, 'Entra cannot verify the client assertion with a certificate of this app')
  for (const fact of ['AB12', 'cd34', 'the-app', 'Certificates & secrets'])
    assert.ok(hint.includes(fact), fact)
})

test('the first number that is known chooses the words', () => {
  assert.deepEqual(adviseOn([1, 700016, 700027], facts), adviseOn([700016], facts))
})

test('unknown numbers and none leave the words to the service', () => {
  assert.deepEqual(adviseOn([42], facts), {})
  assert.deepEqual(adviseOn([], facts), {})
})
