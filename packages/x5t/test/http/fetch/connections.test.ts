import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { describe, test } from 'node:test'
import { deflateSync, gzipSync } from 'node:zlib'
import { createFetch } from '../../../src/http/create-fetch.ts'
import { nodeFetch } from '../../../src/http/fetch/node-fetch.ts'
import { settled } from '../../support/deferred.ts'
import { listen } from '../../support/listen.ts'
import './proxies-and-tls.ts'

async function start(listener: RequestListener) {
  const sockets = new Set<Socket>()
  const server = createServer(listener).on('connection', (socket) => sockets.add(socket))
  return { url: `http://127.0.0.1:${await listen(server)}`, sockets, server }
}

test('a connection is kept alive for the next request, whatever its method', async () => {
  const { url, sockets } = await start((_, response) => response.end('y'))
  const fetch = createFetch()
  for (const method of ['GET', 'POST', 'DELETE', 'GET']) {
    await (await fetch(url, { method })).text()
    for (let turn = 0; turn < 5; turn++) await settled()
  }
  assert.equal(sockets.size, 1)
})

const onStale: [method: string, body: string | undefined, told: number | 'ERR_NO_ANSWER'][] = [
  ['GET', undefined, 200],
  ['PUT', 'a', 200],
  ['DELETE', undefined, 200],
  ['POST', 'a', 'ERR_NO_ANSWER'],
]

for (const [method, body, expected] of onStale) {
  test(`a kept-alive connection that the server resets under ${method}: ${expected}`, async () => {
    let served = 0
    const { url, sockets } = await start((request, response) => {
      served++
      if (served === 2) request.socket.resetAndDestroy()
      else response.end('ok')
    })
    const fetch = createFetch()
    await (await fetch(url)).text()
    await settled()
    const init = { method, ...(body !== undefined && { body }) }
    const told = await fetch(url, init).then(
      ({ status }) => status,
      ({ code }) => code,
    )
    assert.deepEqual([told, sockets.size], [expected, expected === 200 ? 2 : 1])
  })
}

test('a slow reader slows the server: what is not asked for is not read', async () => {
  let sent = 0
  const chunk = Buffer.alloc(65_536)
  const { url } = await start((_, response) => {
    const more = () => {
      while (sent < 256) {
        sent++
        if (!response.write(chunk)) return
      }
      response.end()
    }
    response.on('drain', more)
    more()
  })
  const response = await createFetch()(url)
  const reader = response.body?.getReader()
  let bytes = (await reader?.read())?.value?.length ?? 0
  for (let turn = 0; turn < 50; turn++) await settled()
  assert.ok(sent < 256, `${sent} pieces were taken by nobody`)
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read())
    bytes += read.value.length
  assert.equal(bytes, 256 * 65_536)
})

test('a stream is sent as it comes, and no faster than it is taken', async () => {
  const { url, server } = await start(() => {})
  let pulled = 0
  const body = new ReadableStream({
    pull(controller) {
      if (pulled++ < 256) controller.enqueue(Buffer.alloc(65_536))
      else controller.close()
    },
  })
  const answered = createFetch()(url, { method: 'POST', body, duplex: 'half' } as RequestInit)
  const [request, response] = await once(server, 'request')
  for (let turn = 0; turn < 50; turn++) await settled()
  assert.equal(request.headers['transfer-encoding'], 'chunked')
  assert.ok(pulled < 256, `${pulled} pieces were pulled`)
  let bytes = 0
  for await (const piece of request) bytes += piece.length
  response.end('ok')
  assert.deepEqual([await (await answered).text(), bytes], ['ok', 256 * 65_536])
})

test('what the stream of the caller fails with is what the caller sees', async () => {
  const { url } = await start(() => {})
  const boom = new Error('boom')
  let pulled = 0
  const body = new ReadableStream({
    async pull(controller) {
      await settled()
      if (pulled++ < 2) controller.enqueue(Buffer.from('a'))
      else controller.error(boom)
    },
  })
  await assert.rejects(createFetch()(url, { method: 'POST', body, duplex: 'half' } as RequestInit), boom)
})

test('what the stream of the caller fails with once the answer has begun, the answer tells', async () => {
  const { url } = await start((_, response) => response.write('a'))
  let fail: (reason: Error) => void = () => {}
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from('a'))
      fail = (reason) => controller.error(reason)
    },
  })
  const init: RequestInit = { method: 'POST', body, duplex: 'half' }
  const response = await createFetch()(url, init)
  fail(new Error('boom'))
  await assert.rejects(response.text(), { code: 'ERR_NO_ANSWER', message: /broke off: boom$/ })
})

describe('an abort', () => {
  const reason = new Error('enough')

  test('before the request sends nothing', async () => {
    const { url, sockets } = await start((_, response) => response.end())
    await assert.rejects(createFetch()(url, { signal: AbortSignal.abort(reason) }), reason)
    assert.equal(sockets.size, 0)
  })

  test('while the answer is awaited ends the wait and the connection', async () => {
    const { url, server } = await start(() => {})
    const stop = new AbortController()
    const waiting = createFetch()(url, { signal: stop.signal })
    const [request] = await once(server, 'request')
    const closed = once(request.socket, 'close')
    stop.abort(reason)
    await assert.rejects(waiting, reason)
    await closed
  })

  const plain = Buffer.alloc(100_000, 'ab')
  const coded = {
    identity: plain,
    gzip: gzipSync(plain, { level: 0 }),
    deflate: deflateSync(plain, { level: 0 }),
  }
  for (const [coding, whole] of Object.entries(coded)) {
    test(`amid the body ends it and the connection (${coding})`, async () => {
      const { url, server } = await start((_, response) =>
        response.writeHead(200, { 'content-encoding': coding }).write(whole.subarray(0, 50_000)),
      )
      const closed = once(server, 'request').then(([request]) => once(request.socket, 'close'))
      const stop = new AbortController()
      const response = await createFetch()(url, { signal: stop.signal })
      const reader = response.body?.getReader()
      assert.equal((await reader?.read())?.done, false)
      stop.abort(reason)
      const rest = async () => {
        while (!(await reader?.read())?.done);
      }
      await assert.rejects(rest, reason)
      await closed
    })
  }

  test('ends a body that came whole and swells while it is read', async () => {
    const { url } = await start((_, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(20_000_000))),
    )
    const stop = new AbortController()
    const response = await createFetch()(url, { signal: stop.signal })
    const reader = response.body?.getReader()
    let bytes = (await reader?.read())?.value?.length ?? 0
    for (let turn = 0; turn < 20; turn++) await settled()
    stop.abort(reason)
    const rest = async () => {
      for (let read = await reader?.read(); read && !read.done; read = await reader?.read())
        bytes += read.value.length
    }
    await assert.rejects(rest, reason)
    assert.ok(bytes < 1_000_000, `${bytes} bytes were read`)
  })

  test('of the reader closes the connection', async () => {
    const { url, server } = await start((_, response) => response.write('a'))
    const closed = once(server, 'request').then(([request]) => once(request.socket, 'close'))
    await (await createFetch()(url)).body?.cancel()
    await closed
  })
})

const limits = { connect: 10_000, headers: 10_000, body: 10_000 }
const failures: [
  what: string,
  listener: RequestListener,
  code: string,
  message: RegExp,
  short?: Partial<typeof limits>,
][] = [
  ['sends no answer', () => {}, 'ERR_TIMEOUT', /sent no answer within 0\.06 s/, { headers: 60 }],
  [
    'falls silent',
    (_, response) => response.write('a'),
    'ERR_TIMEOUT',
    /fell silent for 0\.06 s/,
    { body: 60 },
  ],
  [
    'falls silent amid a deflated answer',
    (_, response) =>
      response.writeHead(200, { 'content-encoding': 'deflate' }).write(deflateSync('abc').subarray(0, 5)),
    'ERR_TIMEOUT',
    /fell silent for 0\.06 s/,
    { body: 60 },
  ],
  [
    'hangs up at once',
    ({ socket }) => socket.destroy(),
    'ERR_NO_ANSWER',
    /^no answer from .*: connection reset$/,
  ],
  [
    'hangs up amid its answer',
    ({ socket }, response) =>
      response.writeHead(200, { 'content-length': 9 }).write('a', () => socket.destroy()),
    'ERR_NO_ANSWER',
    /^the answer of .* broke off: connection reset$/,
  ],
  ...Object.entries({ gzip: gzipSync('abc'), deflate: deflateSync('abc') }).map(
    ([coding, whole]): (typeof failures)[number] => [
      `hangs up amid an answer in ${coding}`,
      ({ socket }, response) =>
        response
          .writeHead(200, { 'content-encoding': coding })
          .write(whole.subarray(0, -3), () => socket.destroy()),
      'ERR_NO_ANSWER',
      /^the answer of .* broke off: connection reset$/,
    ],
  ),
  ...[
    ['gzip', '{"a":1}'],
    ['br', '{"a":1}'],
    ['deflate', 'x is how zlib begins'],
    ['deflate', '\u0007 is a block of no type'],
  ].map(([coding = '', sent]): (typeof failures)[number] => [
    `says ${coding} and sends something else (${sent?.at(-1)})`,
    (_, response) => response.writeHead(200, { 'content-encoding': coding }).end(sent),
    'ERR_RESPONSE_INVALID',
    /is not encoded as its Content-Encoding says/,
  ]),
  ['speaks something else', ({ socket }) => socket.end('SSH-2.0\r\n'), 'ERR_NO_ANSWER', /not HTTP/],
]

for (const [what, listener, code, message, short] of failures) {
  test(`a server that ${what} is ${code}`, async () => {
    const { url } = await start(listener)
    const reading = nodeFetch(
      {},
      { ...limits, ...short },
    )(new Request(url)).then((response) => response.text())
    await assert.rejects(reading, { name: 'TransportError', code, message })
  })
}

test('a port where nobody listens, and a name that is none, are told apart', async () => {
  const server = createTcpServer()
  const { port } = await new Promise<{ port: number }>((resolve) =>
    // A TCP server that listens has an address of this shape.
    server.listen(0, '127.0.0.1', () => resolve(server.address() as { port: number })),
  )
  await new Promise((resolve) => server.close(resolve))
  await assert.rejects(createFetch()(`http://127.0.0.1:${port}`), { message: /connection refused$/ })
  await assert.rejects(createFetch()('http://nowhere.invalid'), { message: /name/, code: 'ERR_NO_ANSWER' })
})

test('only http and https', async () => {
  for (const url of ['ftp://localhost/', 'data:,a', 'file:///etc/hosts'])
    await assert.rejects(createFetch()(url), TypeError)
})
