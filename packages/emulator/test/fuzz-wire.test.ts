import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { Emulator } from '../src/emulator.ts'
import { startEmulator } from '../src/start-emulator.ts'

/** Whatever bytes come over the wire, the process lives, answers in HTTP if at all, and serves the next one. */
let entra: Emulator
before(async () => {
  entra = await startEmulator({ http: true })
})
after(() => entra.stop())

/** Sends bytes, ends the sending side, and reads what comes until the other side ends too. */
async function exchange(bytes: Uint8Array): Promise<string> {
  const socket: Socket = connect(entra.port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => {}) // a reset is an answer too
  socket.end(bytes)
  await once(socket, 'close')
  return Buffer.concat(chunks).toString('latin1')
}

async function assertAlive(): Promise<void> {
  const answer = await exchange(
    Buffer.from('GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'),
  )
  assert.match(answer, /^HTTP\/1\.1 200 /)
}

const line = fc.string({ unit: 'binary', maxLength: 40 })
const method = fc.constantFrom(
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'HEAD',
  'PATCH',
  'CONNECT',
  'TRACE',
  'x',
)
const path = fc.oneof(
  fc.webPath(),
  fc.constantFrom(
    '*',
    '//',
    '/%',
    '/%00/oauth2/token',
    '/a/oauth2/v2.0/token',
    '/_emulator/weather',
    '/_emulator/clock',
    '/v1.0/applications',
  ),
)
const header = fc.oneof(
  fc.tuple(
    fc.constantFrom(
      'host',
      'content-length',
      'transfer-encoding',
      'expect',
      'upgrade',
      'connection',
      'content-type',
      'authorization',
      'origin',
    ),
    line,
  ),
  fc.constantFrom<[string, string]>(
    ['content-type', 'application/json'],
    ['content-type', 'application/x-www-form-urlencoded'],
    ['transfer-encoding', 'chunked'],
    ['content-length', '5'],
    ['expect', '100-continue'],
    ['authorization', 'Bearer a.b.c'],
  ),
)
const request = fc
  .tuple(method, path, fc.array(header, { maxLength: 6 }), fc.uint8Array({ maxLength: 200 }))
  .map(([verb, target, headers, body]) => {
    const fields = [['host', 'localhost'], ...headers, ['connection', 'close']]
    const head = [`${verb} ${target} HTTP/1.1`, ...fields.map(([name, value]) => `${name}: ${value}`)]
    return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body])
  })

for (const [what, bytes] of [
  ['bytes', fc.uint8Array({ maxLength: 300 })],
  ['requests', request],
] as const) {
  test(`any ${what} are answered by HTTP or not at all, never by the end of the process`, async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (sent) => {
        const answer = await exchange(sent)
        assert.ok(answer === '' || answer.startsWith('HTTP/1.1 '), answer.slice(0, 80))
        assert.ok(!/^HTTP\/1\.1 500/.test(answer), answer.slice(0, 2000))
      }),
      { numRuns: 100 },
    )
    await assertAlive()
  })
}

test('many connections that are opened and left alone, or cut amid a request, leave it serving', async () => {
  const sockets = Array.from({ length: 100 }, (_, index) => {
    const socket = connect(entra.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(
      index % 2 === 0
        ? 'POST /a/oauth2/token HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99\r\n\r\nx'
        : 'GE',
    )
    return socket
  })
  await assertAlive()
  for (const socket of sockets) socket.destroy()
  await assertAlive()
})
