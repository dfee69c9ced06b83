import assert from 'node:assert/strict'
import { getEventListeners, once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { nodeExchange } from '../../src/http/node-exchange.ts'
import { settled } from '../support/deferred.ts'
import { listen } from '../support/listen.ts'

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'
const limits = { connect: 10_000, headers: 10_000, body: 10_000 }

/** Does `each` for whatever comes on a connection; one by one, as no request is sent before the last is answered. */
async function raw(each: (socket: Socket, requests: number) => void, scheme = 'http') {
  const server = createTcpServer((socket) => {
    let requests = 0
    socket.unref().on('error', () => {})
    socket.on('data', () => each(socket, ++requests))
  })
  const closed = once(server, 'connection').then(([socket]) => once(socket, 'close'))
  const url = new URL(`${scheme}://127.0.0.1:${await listen(server)}/`)
  return { url, server, closed }
}

function asker(url: URL, of = limits) {
  const exchange = nodeExchange({ limits: of })
  return (more: { signal?: AbortSignal; maxBytes?: number } = {}) =>
    exchange({ method: 'POST', url, headers: { a: 'b' }, body: 'x=1', ...more })
}

test('a request is sent as it was given', async () => {
  const server = createServer(async (request, response) =>
    response.end(`${request.method} ${request.url} ${request.headers.a} ${await text(request)}`),
  )
  const ask = asker(new URL(`http://127.0.0.1:${await listen(server)}/token?b=c`))
  assert.equal((await ask()).body.toString(), 'POST /token?b=c b x=1')
})

test('where one kept-alive connection was closed, the next request takes none of the others', async () => {
  const first: Socket[] = []
  const { url } = await raw((socket, requests) => {
    if (requests > 1) return socket.resetAndDestroy()
    if (first.push(socket) > 2) return socket.write(ok)
    if (first.length === 2) for (const each of first) each.write(ok)
  })
  const ask = asker(url)
  await Promise.all([ask(), ask()])
  await settled()
  await assert.rejects(ask(), { staleConnection: true })
  assert.equal((await ask()).status, 200)
  assert.equal(first.length, 3)
})

test('neither an answer nor an error leaves a listener or a timer', async () => {
  const { url } = await raw((socket, requests) =>
    requests === 1 ? socket.write(ok) : socket.end('SSH-2.0\r\n'),
  )
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const { signal } = new AbortController()
  const [ask, before] = [asker(url), timers()]
  for (const told of [200, 'ERR_NO_ANSWER']) {
    const answer = await ask({ signal }).catch(({ code }) => ({ status: code }))
    assert.deepEqual(
      [answer.status, getEventListeners(signal, 'abort').length, timers() - before],
      [told, 0, 0],
    )
    await settled()
  }
})

test('a connection that is used again and again gathers no listeners', async (context) => {
  const warnings: string[] = []
  const note = ({ message }: Error) => warnings.push(message)
  process.on('warning', note)
  context.after(() => process.off('warning', note))
  const { url } = await raw((socket) => socket.write(ok))
  const ask = asker(url)
  for (let request = 0; request < 15; request++) {
    await ask()
    await settled()
  }
  assert.deepEqual(warnings, [])
})

test('a request that is given up closes its connection', async () => {
  const leaver = new AbortController()
  const { url, closed } = await raw(() => leaver.abort(new Error('left')))
  await assert.rejects(asker(url)({ signal: leaver.signal }), { message: 'left' })
  await closed
})

test('as much is read as the request allows', async () => {
  const { url } = await raw((socket) => socket.write(ok))
  const ask = asker(url)
  assert.equal((await ask({ maxBytes: 2 })).body.toString(), '{}')
  await assert.rejects(ask({ maxBytes: 1 }), { code: 'ERR_RESPONSE_INVALID', message: /more than 1 bytes$/ })
})

test('a change of protocol that nobody asked for is no answer', async () => {
  const { url } = await raw((socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  )
  await assert.rejects(asker(url)(), { code: 'ERR_NO_ANSWER', message: /it changed the protocol$/ })
})

test('a server that says nothing of TLS is left after the limit for connecting', async () => {
  const { url } = await raw(() => {}, 'https')
  await assert.rejects(asker(url, { ...limits, connect: 60 })(), {
    code: 'ERR_TIMEOUT',
    message: /did not accept a connection within 0\.06 s$/,
  })
})

test('on a kept-alive connection the limit for the answer holds at once', { timeout: 5_000 }, async () => {
  const { url } = await raw((socket, requests) => requests === 1 && socket.write(ok))
  const ask = asker(url, { ...limits, headers: 1_000 })
  await ask()
  await settled()
  await assert.rejects(ask(), { code: 'ERR_TIMEOUT', message: /sent no answer within 1 s$/ })
})

test('a limit that is shorter than the one before holds though that was looked at', {
  timeout: 5_000,
}, async () => {
  const { url } = await raw((socket) => {
    setTimeout(() => socket.write(ok.slice(0, -1)), 60) // longer than the body may take
  })
  await assert.rejects(asker(url, { ...limits, body: 20 })(), {
    code: 'ERR_TIMEOUT',
    message: /did not finish its answer within 0\.02 s$/,
  })
})
