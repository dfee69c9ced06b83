import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { createFetch } from '../../src/http/create-fetch.ts'
import { listen } from '../support/listen.ts'

test('what is changed in a request after the call is not sent, in the first call either', async () => {
  const server = createServer(async (incoming, response) =>
    response.end(`${incoming.headers['x-of']} ${await text(incoming)}`),
  )
  const url = `http://127.0.0.1:${await listen(server)}`
  const fetch = createFetch()
  for (const call of ['first', 'second']) {
    const headers = new Headers({ 'x-of': call })
    const body = Buffer.from(call)
    const answer = fetch(url, { method: 'POST', headers, body })
    headers.set('x-of', 'nobody')
    body.fill('n')
    assert.equal(await (await answer).text(), `${call} ${call}`)
  }
})
