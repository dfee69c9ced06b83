import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createFetch } from '../../../src/http/create-fetch.ts'
import { settled } from '../../support/deferred.ts'
import { listen } from '../../support/listen.ts'

setFlagsFromString('--expose-gc')
const collect: NonNullable<typeof gc> = runInNewContext('gc')
const module = new URL('../../../src/http/create-fetch.ts', import.meta.url).href

/** Answers with as many bytes as the path says. */
async function start() {
  const sockets = new Set<Socket>()
  const server = createServer(({ url = '' }, response) => response.end(Buffer.alloc(Number(url.slice(1)))))
  server.on('connection', (socket) => sockets.add(socket)).keepAliveTimeout = 120_000
  return { url: `http://127.0.0.1:${await listen(server)}`, sockets, server }
}

for (const bytes of [10, 70_000, 150_000, 2_000_000]) {
  test(`an answer of ${bytes} bytes that nobody reads keeps no process alive`, async () => {
    const { url } = await start()
    const script = `
      import { createFetch } from '${module}'
      console.log((await createFetch()('${url}/${bytes}')).status)`
    const argv = ['--import', './scripts/typescript.js', '--input-type=module', '-e', script]
    // The server waits for longer: a process that waited with it would be ended here.
    const { stdout } = await promisify(execFile)(process.execPath, argv, { timeout: 30_000 })
    assert.equal(stdout, '200\n')
  })
}

test('a short answer that nobody reads leaves its connection to the next request', async () => {
  const { url, sockets } = await start()
  const fetch = createFetch()
  for (let request = 0; request < 3; request++) {
    await fetch(`${url}/10`)
    await settled()
  }
  assert.equal(sockets.size, 1)
})

test('a long answer that is collected gives up its connection', async () => {
  const { url, server } = await start()
  const connected = once(server, 'connection')
  await (async () => assert.equal((await createFetch()(`${url}/2000000`)).status, 200))()
  const [socket] = await connected
  const closed = new Promise((resolve) => socket.once('close', resolve).once('error', () => {}))
  await settled()
  collect()
  await closed
})

test('a long answer is not given up while any part of it can be read', async () => {
  const { url } = await start()
  const [part] = (await createFetch()(`${url}/2000000`)).body?.tee() ?? []
  const reader = part?.pipeThrough(new TransformStream()).getReader()
  let bytes = 0
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    bytes += read.value.length
    await settled()
    collect()
  }
  assert.equal(bytes, 2_000_000)
})
