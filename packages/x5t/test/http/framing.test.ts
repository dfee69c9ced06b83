import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { describe, test } from 'node:test'
import { createFetch } from '../../src/http/create-fetch.ts'
import { nodeExchange } from '../../src/http/node-exchange.ts'
import { settled } from '../support/deferred.ts'
import { listen } from '../support/listen.ts'

/** A server that answers each request with the bytes of `answer`, in one packet, and does `then`. */
async function start(answer: string, then: (socket: Socket) => void = () => {}) {
  const asked = { connections: 0, requests: 0 }
  const server = createServer((socket) => {
    asked.connections++
    socket
      .on('error', () => {})
      .on('data', () => {
        asked.requests++
        socket.write(answer, () => then(socket))
      })
  })
  return { url: new URL(`http://127.0.0.1:${await listen(server)}/`), asked }
}

const fetch = createFetch()
const exchange = nodeExchange({})
const readers: Record<string, (url: URL) => Promise<string>> = {
  fetch: async (url) => (await fetch(url)).text(),
  exchange: async (url) => (await exchange({ method: 'GET', url, headers: {} })).body.toString(),
}
const head = 'HTTP/1.1 200 OK\r\n'
const whole = `${head}content-length: 5\r\n\r\nwhole`
const followed: readonly [what: string, answer: string][] = [
  ['a stray byte', `${whole}x`],
  ['a line', `${whole}\r\nand more\r\n`],
  ['a second answer', `${whole}HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil`],
  ['what follows the last chunk', `${head}transfer-encoding: chunked\r\n\r\n5\r\nwhole\r\n0\r\n\r\nx`],
]
const reset = (socket: Socket) => socket.resetAndDestroy()
const ends = (socket: Socket) => socket.end()
const broken: readonly [what: string, answer: string, then?: (socket: Socket) => void][] = [
  ['is cut by an end', `${head}content-length: 9\r\n\r\nwhole`, ends],
  ['is cut by a reset', `${head}content-length: 9\r\n\r\nwhole`, reset],
  ['has no last chunk', `${head}transfer-encoding: chunked\r\n\r\n5\r\nwhole\r\n`, ends],
  ['has a chunk without its length', `${head}transfer-encoding: chunked\r\n\r\n5\r\nwhole\r\nzz\r\n`],
  ['has a chunk longer than it says', `${head}transfer-encoding: chunked\r\n\r\n3\r\nwhole\r\n0\r\n\r\n`],
]

for (const [name, read] of Object.entries(readers)) {
  describe(`over ${name}`, () => {
    test('an answer with too many headers is told of as one', async () => {
      const { url } = await start(`${head}x: ${'a'.repeat(20_000)}\r\n\r\n`)
      const message = `no answer from ${url.host}: its headers are longer than 16 KiB`
      await assert.rejects(read(url), { code: 'ERR_NO_ANSWER', message })
    })
    for (const [what, answer] of followed) {
      test(`an answer is whole where ${what} comes with it, and its connection serves no other`, async () => {
        const { url, asked } = await start(answer)
        assert.equal(await read(url), 'whole')
        await settled()
        assert.equal(await read(url), 'whole')
        assert.deepEqual(asked, { connections: 2, requests: 2 })
      })
    }
    for (const [what, answer, then] of broken) {
      test(`an answer that ${what} is an error`, { timeout: 5_000 }, async () => {
        const { url, asked } = await start(answer, then)
        await assert.rejects(read(url), {
          name: 'TransportError',
          code: 'ERR_NO_ANSWER',
          staleConnection: false,
        })
        assert.equal(asked.requests, 1)
      })
    }
  })
}
