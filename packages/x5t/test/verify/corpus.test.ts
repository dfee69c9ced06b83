import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVerifier } from '../../src/verify/index.ts'
import { good, keySet, options } from './corpus/corpus.ts'
import { corpus } from './corpus/tokens.ts'
import { entraFetch } from './issuer.ts'

const verifier = createVerifier({ ...options, fetch: entraFetch(() => keySet).fetch })

for (const [what, token, verdict, status] of corpus) {
  if (verdict === 'accepted') {
    test(`a token with ${what} is accepted`, async () => {
      // The table holds what a program in JavaScript could pass.
      const verified = await verifier.verify(token as string)
      // By another way in, and the third time from memory.
      for (let time = 0; time < 2; time++) {
        assert.deepEqual((await verifier.guard(`Bearer ${token}`)).token, verified)
      }
    })
  } else {
    test(`a token with ${what} is refused with ${verdict} and ${status}`, async () => {
      // As above.
      await assert.rejects(verifier.verify(token as string), { name: 'TokenValidationError', code: verdict })
      const { refusal } = await verifier.guard(`Bearer ${token}`)
      assert.deepEqual([refusal?.status, refusal?.error?.code], [status, verdict])
      const title = status === 401 ? 'Unauthorized' : 'Forbidden'
      assert.equal(refusal?.body, JSON.stringify({ status, title }))
      const error = status === 401 ? 'invalid_token' : 'insufficient_scope'
      const told = `error="${error}", error_description="${verdict}"`
      assert.ok(refusal?.headers['www-authenticate']?.endsWith(told))
    })
  }
}

test('no two tokens of the corpus are the same, and no refused one is the good one', () => {
  const texts = corpus.map(([, token]) => String(token))
  assert.equal(new Set(texts).size, corpus.length)
  assert.equal(new Set(corpus.map(([what]) => what)).size, corpus.length)
  assert.equal(corpus.filter(([, token]) => token === good).length, 1)
})
