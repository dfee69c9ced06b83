import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { request } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startEmulator } from '../src/start-emulator.ts'

function get(
  url: string,
  options: { ca?: string; host?: string; origin?: string; method?: string } = {},
): Promise<number> {
  const headers = {
    ...(options.host && { host: options.host }),
    ...(options.origin && { origin: options.origin }),
  }
  return new Promise((resolve, reject) => {
    request(
      url,
      { ca: options.ca, headers, agent: false, servername: 'localhost', method: options.method ?? 'GET' },
      (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      },
    )
      .on('error', reject)
      .end()
  })
}

test('a client that trusts the CA, and no other, reaches the emulator over TLS', async () => {
  const entra = await startEmulator()
  try {
    const url = `${entra.url}/_emulator/healthz`
    assert.equal(await get(url, { ca: entra.caPem }), 200)
    await assert.rejects(get(url), { code: /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET/ })
    assert.ok(new X509Certificate(entra.caPem).ca)
  } finally {
    await entra.stop()
  }
})

test('unknown Host names and foreign Origins are refused', async () => {
  const entra = await startEmulator()
  try {
    const ca = entra.caPem
    assert.equal(await get(`${entra.url}/_emulator/state`, { ca, host: 'evil.example' }), 403)
    const write = { ca, origin: 'https://evil.example', method: 'POST' }
    assert.equal(await get(`${entra.url}/_emulator/apps`, write), 403)
    assert.equal(await get(`${entra.url}/_emulator/apps`, { ...write, origin: entra.url }), 415)
  } finally {
    await entra.stop()
  }
})

test('the CA is kept in its folder with a key only the owner reads, and used again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'x5t-ca-'))
  const caFolder = join(folder, 'ca')
  try {
    const first = await startEmulator({ caFolder })
    await first.stop()
    const second = await startEmulator({ caFolder })
    await second.stop()
    assert.equal(second.caPem, first.caPem)
    assert.equal(readFileSync(join(caFolder, 'ca.pem'), 'utf8'), first.caPem)
    if (process.platform !== 'win32') assert.equal(statSync(join(caFolder, 'ca-key.pem')).mode & 0o777, 0o600)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a port that is taken is an error with its code', async () => {
  const entra = await startEmulator({ http: true })
  try {
    await assert.rejects(startEmulator({ http: true, port: entra.port }), { code: 'EADDRINUSE' })
  } finally {
    await entra.stop()
  }
})

test('a registered private key is refused', async () => {
  const entra = await startEmulator({ http: true })
  const { appId } = entra.addApp({ name: 'a' })
  const certificate = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'
  assert.throws(() => entra.addCertificate({ appId, certificate }), /private key/)
  await entra.stop()
})

test('stop ends a connection that never spoke, too', { timeout: 5_000 }, async () => {
  const entra = await startEmulator()
  const silent = connect(entra.port, '127.0.0.1')
  await once(silent, 'connect')
  const closed = once(silent, 'close')
  await entra.stop()
  await closed
})
