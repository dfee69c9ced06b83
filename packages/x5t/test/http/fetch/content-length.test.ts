import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { createFetch } from '../../../src/http/create-fetch.ts'
import { settled } from '../../support/deferred.ts'
import { listen } from '../../support/listen.ts'

/** What a server has taken for requests, with the body of each that was whole. It does not answer `/first`. */
async function start() {
  const seen: unknown[] = []
  const server = createServer(async (request, response) => {
    const one = [request.url, request.headers['content-length'], 'broken']
    seen.push(one)
    one[2] = await text(request).catch(() => 'broken')
    if (request.url !== '/first') response.end('ok')
  })
  server.on('clientError', ({ message }, socket) => {
    if (/Invalid method/.test(message)) seen.push('no request')
    socket.destroy()
  })
  return { url: `http://127.0.0.1:${await listen(server)}`, seen }
}

const form = new FormData()
form.set('a', 'b')
const stream = (...pieces: string[]) => ReadableStream.from(pieces.map((piece) => Buffer.from(piece)))
const slow = async function* () {
  for (const letter of 'Zoë') {
    await settled()
    yield Buffer.from(letter)
  }
}
const bodies: Record<string, () => RequestInit['body']> = {
  text: () => 'Zoë',
  bytes: () => Buffer.from('Zoë'),
  'a search': () => new URLSearchParams({ a: '' }),
  'a Blob': () => new Blob(['Zoë']),
  'a stream': () => stream('Zoë'),
  'a slow stream': () => ReadableStream.from(slow()),
}
const post = (body: RequestInit['body'], length: string): RequestInit => ({
  method: 'POST',
  body: body ?? null,
  headers: { 'content-length': length },
  duplex: 'half',
})

for (const [name, body] of Object.entries(bodies)) {
  const bytes = name === 'a search' ? 2 : 4
  for (const length of ['0', '1', '3', '5', '40', '-4', '4, 4', 'x']) {
    for (const known of [true, false]) {
      const what = known ? name : `a Request of ${name}`
      test(`${what} is not sent as ${length} bytes, and leaves nothing to the next request`, async () => {
        const { url, seen } = await start()
        const fetch = createFetch()
        const init = post(body(), length)
        const sent = known ? fetch(`${url}/first`, init) : fetch(new Request(`${url}/first`, init))
        await assert.rejects(sent, { name: 'TypeError', message: /^content-length is .*, and the body has / })
        await (await fetch(`${url}/second`, { method: 'POST', body: 'next' })).text()
        assert.deepEqual(
          seen.filter((one) => !String(one).startsWith(`/first,${length},`)),
          [['/second', '4', 'next']],
        )
      })
    }
  }
  test(`${name} is sent under its own length`, async () => {
    const { url, seen } = await start()
    await (await createFetch()(url, post(body(), `${bytes}`))).text()
    assert.deepEqual(seen, [['/', `${bytes}`, name === 'a search' ? 'a=' : 'Zoë']])
  })
}

test('a stream that has more than its length is cancelled with what it is refused with', async () => {
  const { url } = await start()
  let told: unknown
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from('Zoë')),
    cancel: (why) => {
      told = why
    },
  })
  const error = await createFetch()(`${url}/first`, post(body, '3')).catch((error) => error)
  assert.ok(error instanceof TypeError)
  assert.equal(told, error)
})

test('a form is not sent under a length of another', async () => {
  const { url, seen } = await start()
  await assert.rejects(createFetch()(url, post(form, '3')), TypeError)
  assert.deepEqual(seen, [])
})

for (const [method, length] of [
  ['GET', undefined],
  ['POST', '0'],
] as const) {
  test(`a ${method} without a body announces none`, async () => {
    const { url, seen } = await start()
    const fetch = createFetch()
    await (await fetch(url, { method, headers: { 'content-length': '3' } })).text()
    await (await fetch(url)).text()
    assert.deepEqual(seen, [
      ['/', length, ''],
      ['/', undefined, ''],
    ])
  })
}
