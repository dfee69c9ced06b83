import assert from 'node:assert/strict'
import { request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { connect } from 'node:tls'
import type { Emulator } from '../../src/emulator.ts'
import { startEmulator } from '../../src/start-emulator.ts'

const emulators: Emulator[] = []
before(async () => {
  emulators.push(await startEmulator(), await startEmulator({ http: true }))
})
after(() => Promise.all(emulators.map((entra) => entra.stop())))

/** What a client sees of one request: the status, the body as far as it came, and how it ended. */
function look({ url, caPem, tenantId }: Emulator) {
  const request = url.startsWith('https:') ? requestTls : requestPlain
  return new Promise<{ status?: number | undefined; body: string; error: string | undefined }>((resolve) => {
    let answered = false
    const sent = request(`${url}/${tenantId}/discovery/keys`, { ca: caPem, agent: false }, (response) => {
      answered = true
      let body = ''
      const end = (error?: NodeJS.ErrnoException) =>
        resolve({ status: response.statusCode, body, error: error?.code })
      response.on('data', (chunk) => {
        body += chunk
      })
      response.on('end', () => end())
      response.on('error', end)
    })
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // Node 24 tells of it here too, and here first.
      if (!answered) resolve({ body: '', error: error.code })
    })
    sent.end()
  })
}

for (const [index, scheme] of ['https', 'http'].entries()) {
  test(`over ${scheme} a connection is reset before the headers, and the next one is served`, async () => {
    const entra = emulators[index] as Emulator // as: started above
    entra.weather.arm({ kind: 'reset', count: 1 })
    assert.deepEqual(await look(entra), { body: '', error: 'ECONNRESET' })
    assert.equal((await look(entra)).error, undefined)
  })

  test(`over ${scheme} a connection is reset amid the body`, async () => {
    const entra = emulators[index] as Emulator // as: started above
    const whole = (await look(entra)).body
    entra.weather.arm({ kind: 'reset', at: 'body', count: 1 })
    const { status, body, error } = await look(entra)
    assert.deepEqual([status, error], [200, 'ECONNRESET'])
    assert.ok(body.length > 0 && whole.startsWith(body) && body.length < whole.length, body)
    assert.deepEqual(entra.weather.armed(), [])
  })
}

test('slowness reaches a client byte by byte, whole', async () => {
  const entra = await startEmulator({ http: true, sleep: async () => {} })
  const { body } = await look(entra)
  entra.weather.arm({ kind: 'slowness', bytesPerSecond: 10 })
  assert.deepEqual(await look(entra), { status: 200, body, error: undefined })
  await entra.stop()
})

test('stopping does not wait for latency', { timeout: 10_000 }, async () => {
  const entra = await startEmulator({ http: true })
  entra.weather.arm({ kind: 'latency', ms: 60_000 })
  const seen = look(entra)
  await new Promise(setImmediate)
  await entra.stop()
  assert.equal((await seen).status, undefined)
})

test('what is not even HTTP is told of armed weather too', async () => {
  const [entra] = emulators
  entra?.weather.arm({ kind: 'empty', endpoint: 'graph' })
  const socket = connect({ port: entra?.port, host: '127.0.0.1', ca: entra?.caPem, servername: 'localhost' })
  socket.end('hello\r\n\r\n')
  assert.match(await text(socket), /^HTTP\/1\.1 400 [\s\S]*x-emulator-weather: armed w\d+ empty\r\n/)
})
