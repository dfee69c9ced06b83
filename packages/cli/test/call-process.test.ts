import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { demo, type Emulator, startEmulator } from '@x5t/emulator'
import { generateCertificate } from 'x5t'
import { createStage } from './support/stage.ts'

/** The real process against an API that never ends its answer. */
const stage = createStage()
const bin = join(import.meta.dirname, '..', 'bin', 'x5t.js')
const server = createServer((_, response) => {
  sent = 0
  const piece = Buffer.alloc(65_536, 'x')
  const more = () => {
    while (!response.destroyed) {
      sent += piece.length
      if (!response.write(piece)) return response.once('drain', more)
    }
    return response
  }
  more()
})
let sent = 0
let entra: Emulator
let url: string

before(async () => {
  entra = await startEmulator({ http: true })
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'caller' })
  entra.addCertificate({ appId: demo.appId, certificate: certificatePem })
  stage.write('app.pem', privateKeyPem + certificatePem)
  const profile = {
    tenant: demo.tenantId,
    clientId: demo.appId,
    certificate: 'app.pem',
    authority: entra.url,
  }
  stage.write('x5t.json', JSON.stringify({ profiles: { default: profile } }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server that listens has one
})
after(async () => {
  server.closeAllConnections()
  server.close()
  await entra.stop()
  stage.remove()
})

function start() {
  const env = { ...process.env, ...stage.env, HOME: stage.folder }
  return spawn(process.execPath, [bin, 'call', url], {
    cwd: stage.folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

test('a reader that leaves ends the call without an error', async () => {
  const child = start()
  let stderr = ''
  child.stderr.on('data', (text) => {
    stderr += text
  })
  child.stdout.once('data', () => child.stdout.destroy())
  const [code] = await once(child, 'exit')
  assert.equal(code, 0, stderr)
  assert.doesNotMatch(stderr, /error/)
})

test('a reader that is slow slows the API down, and Ctrl-C ends the call', {
  skip: process.platform === 'win32' && 'Windows has no signals',
}, async () => {
  const child = start()
  await once(child.stdout, 'readable')
  // Nothing is read: what is under way fills the buffers of both sockets and of the pipe, and no more.
  let before = -1
  while (before !== sent) {
    before = sent
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  assert.ok(sent < 64_000_000, `${sent} bytes were taken and held`)
  child.kill('SIGINT')
  const [code, signal] = await once(child, 'exit')
  assert.deepEqual([code, signal], [null, 'SIGINT'])
})
