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

    const form = new FormData()
    form.set('of', call)
    const filed = fetch(url, { method: 'POST', body: form })
    form.set('of', 'nobody')
    assert.match(await (await filed).text(), new RegExp(`\r\n\r\n${call}\r\n`))
  }
})

test('a form with what only looks like a file is sent as the platform writes it', async () => {
  const server = createServer(async (incoming, response) => response.end(await text(incoming)))
  const file = new Blob(['car'])
  const [stream, arrayBuffer] = [() => file.stream(), () => file.arrayBuffer()]
  const alike = { size: 3, type: '', stream, arrayBuffer, [Symbol.toStringTag]: 'Blob' }
  const body = new FormData()
  body.append('file', Object(alike)) // which the declaration would not let through
  const response = await createFetch()(`http://127.0.0.1:${await listen(server)}`, { method: 'POST', body })
  // Node 24 takes Blobs alone, and anything else for text.
  const seen = body.get('file') === String(alike) ? String(alike) : 'car'
  assert.ok((await response.text()).includes(`\r\n\r\n${seen}\r\n`))
})
