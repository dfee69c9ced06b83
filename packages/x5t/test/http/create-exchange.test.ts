import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createExchange } from '../../src/http/create-exchange.ts'
import { settled } from '../support/deferred.ts'

test('an abort while the code for an injected fetch loads sends nothing, and leaves no rejection to nobody', async () => {
  let sent = 0
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)
  process.on('unhandledRejection', note)
  const exchange = createExchange({
    fetch: async (_, init) => {
      sent++
      init?.signal?.throwIfAborted()
      return new Response()
    },
  })
  const caller = new AbortController()
  const url = new URL('https://login.example/')
  const asked = exchange({ method: 'POST', url, headers: {}, body: '', signal: caller.signal })
  caller.abort(new Error('enough'))
  await assert.rejects(asked, { message: 'enough' })
  await settled()
  process.off('unhandledRejection', note)
  assert.deepEqual([sent, unhandled], [0, []])
})
