import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net'
import { after, test } from 'node:test'
import { createAgents } from '../../src/http/agents.ts'
import { maxBodyBytes } from '../../src/http/limits.ts'
import { nodeExchange } from '../../src/http/node-exchange.ts'
import './node-connections.ts'

const open: (Server | TcpServer)[] = []
const sockets = new Set<Socket>()
after(() => {
  for (const server of open) server.close()
  for (const socket of sockets) socket.destroy()
})

async function listen(server: Server | TcpServer): Promise<URL> {
  open.push(server)
  server.on('connection', (socket: Socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`) // a TCP server that listens has one
}
const serve = (listener: RequestListener) => listen(createServer(listener))
const raw = (answer: (socket: Socket) => void) =>
  listen(
    createTcpServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => answer(socket))
    }),
  )

const limits = { connect: 400, headers: 200, body: 200 }
const post = (url: URL, options: { signal?: AbortSignal } = {}, exchange = nodeExchange({ limits })) =>
  exchange({ method: 'POST', url, headers: { 'accept-encoding': 'identity' }, body: 'x=1', ...options })

test('an answer comes as it was sent, whatever its Content-Encoding claims', async () => {
  const url = await serve((_, response) =>
    response
      .writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' })
      .end('{"a":1}'),
  )
  const { status, headers, body } = await post(url)
  assert.deepEqual([status, headers['content-type'], body.toString()], [200, 'application/json', '{"a":1}'])
})

test('a redirect is not followed', async () => {
  let followed = false
  const other = await serve((_, response) => {
    followed = true
    response.end()
  })
  const url = await serve((_, response) => response.writeHead(307, { location: other.href }).end())
  assert.equal((await post(url)).status, 307)
  assert.equal(followed, false)
})

/** Never silent for long: a limit that begins anew with each byte would hold for ever. */
function drip(socket: Socket, start: string): void {
  socket.write(start)
  const timer = setInterval(() => socket.write(' '), 20)
  socket.once('close', () => clearInterval(timer))
}

const silent: [string, (socket: Socket) => void, RegExp][] = [
  ['sends nothing', () => {}, /sent no answer within 0\.2 s/],
  ['drips its headers', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nx: '), /sent no answer/],
  [
    'drips its body',
    (socket) => drip(socket, 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n'),
    /did not finish its answer/,
  ],
]
for (const [what, answer, message] of silent) {
  test(`a server that ${what} is left after the limit of the phase`, async () => {
    await assert.rejects(post(await raw(answer)), { code: 'ERR_TIMEOUT', message, retryable: true })
  })
}

const broken: [string, (socket: Socket) => void][] = [
  ['before the headers', (socket) => socket.destroy()],
  ['amid the headers', (socket) => socket.end('HTTP/1.1 200 OK\r\nx')],
  ['amid the body', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{')],
  ['with what is no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH\r\n')],
]
for (const [when, answer] of broken) {
  test(`a connection that ends ${when} is no answer, and may be tried again`, async () => {
    await assert.rejects(post(await raw(answer)), { code: 'ERR_NO_ANSWER', retryable: true })
  })
}

test('a body without end is cut at the limit', async () => {
  const url = await serve((_, response) => response.end(Buffer.alloc(maxBodyBytes + 1)))
  await assert.rejects(post(url, {}, nodeExchange({})), { code: 'ERR_RESPONSE_INVALID', retryable: false })
})

test('abort ends a request with its reason, before and during it', async () => {
  await assert.rejects(post(await raw(() => {}), { signal: AbortSignal.abort(new Error('early')) }), /early/)
  const controller = new AbortController()
  const url = await raw(() => controller.abort(new Error('amid')))
  await assert.rejects(post(url, { signal: controller.signal }), /amid/)
})

test('a kept-alive connection that the server has closed is told apart', async () => {
  let requests = 0
  const url = await raw((socket) => {
    requests++
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
    socket.once('data', () => socket.destroy())
  })
  const exchange = nodeExchange({ limits })
  await post(url, {}, exchange)
  await assert.rejects(post(url, {}, exchange), { code: 'ERR_NO_ANSWER', staleConnection: true })
  assert.equal((await post(url, {}, exchange)).status, 200)
  assert.equal(requests, 2)
})

// Node 20 and 22 tell the answer alone of it, so that only from Node 24 on this fails without the look at the phase.
test('a kept-alive connection that breaks amid an answer was not closed while it was idle', async () => {
  let requests = 0
  const url = await raw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
    socket.once('data', () => {
      requests++
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{', () => socket.resetAndDestroy())
    })
  })
  const exchange = nodeExchange({ limits })
  await post(url, {}, exchange)
  await assert.rejects(post(url, {}, exchange), { code: 'ERR_NO_ANSWER', staleConnection: false })
  assert.equal(requests, 1)
})

test('no request waits for the connection of another, whatever limit the process sets', async (context) => {
  Object.assign(Agent, { defaultMaxSockets: 1 })
  context.after(() => Object.assign(Agent, { defaultMaxSockets: Number.POSITIVE_INFINITY }))
  const waiting: ServerResponse[] = []
  const url = await serve((_, response) => {
    waiting.push(response)
    if (waiting.length === 2) for (const each of waiting) each.end()
  })
  const exchange = nodeExchange({ limits })
  const answers = await Promise.all([post(url, {}, exchange), post(url, {}, exchange)])
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200],
  )

  const { secure, plain, tunnelFor } = createAgents({ connectMs: 1, proxyFor: (to) => to })
  for (const agent of [secure, plain, await tunnelFor?.(url)])
    assert.equal(agent?.maxSockets, Number.POSITIVE_INFINITY)
})

test('a port where nothing listens, and a name that does not resolve, say so', async () => {
  const url = await serve(() => {})
  for (const server of open.splice(-1)) server.close()
  await assert.rejects(post(url), { code: 'ERR_NO_ANSWER', message: /connection refused/ })
  await assert.rejects(post(new URL('http://nowhere.invalid/')), {
    code: 'ERR_NO_ANSWER',
    message: /nowhere\.invalid/,
  })
})

test('a plain http server behind an https address fails the handshake, at once and for good', async () => {
  const url = await serve((_, response) => response.end())
  await assert.rejects(post(new URL(url.href.replace('http:', 'https:'))), {
    code: 'ERR_TLS_FAILED',
    retryable: false,
  })
})
