import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import './command-lines.ts'
import { apiId, appId, secret, stage, tls } from './services-stage.ts'

/** One case for a Node driver: what it prints. */
async function drive(
  driver: readonly string[],
  change: object = {},
): Promise<{ token?: string; refused?: string }> {
  const { entra, good, caPath: ca, folder } = stage
  const one = {
    name: 'one',
    url: entra.url,
    tenantId: entra.tenantId,
    clientId: appId,
    apiId,
    pemPath: good.path,
    secret,
    scope: `${apiId}/.default`,
    ...change,
  }
  const [program = '', ...args] = driver
  const child = spawn(process.execPath, [`drivers/${program}.mjs`, ...args], {
    cwd: import.meta.dirname,
    env: { PATH: process.env.PATH, HOME: folder, NODE_EXTRA_CA_CERTS: ca, NODE_NO_WARNINGS: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(JSON.stringify({ cases: [one] }))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  const line = stdout.split('\n').find((candidate) => candidate.startsWith('{"name"'))
  assert.ok(line, stderr)
  return JSON.parse(line)
}

for (const method of ['body', 'header']) {
  test(`simple-oauth2 gets a token for a secret in the ${method}`, async () => {
    const { token, refused } = await drive(['simple-oauth2', method])
    assert.equal(refused, undefined)
    assert.equal(decodeJwt(token ?? '').azpacr, '1')
  })

  test(`simple-oauth2 is refused with 7000215 for a wrong secret in the ${method}`, async () => {
    assert.match(
      (await drive(['simple-oauth2', method], { secret: 'falsch' })).refused ?? '',
      /AADSTS7000215/,
    )
  })
}

test('passport-azure-ad reads the metadata and accepts a token, or refuses it for another audience', async () => {
  const { token: bearer } = await drive(['simple-oauth2', 'body'])
  assert.deepEqual(await drive(['passport'], { bearer }), { name: 'one', token: bearer })
  const { refused } = await drive(['passport'], { bearer, expectedAudience: 'api://other' })
  assert.match(refused ?? '', /audience/i)
})

test('a Key Vault client follows the challenge of its vault to the emulator', async () => {
  const { entra } = stage
  const seen: (string | undefined)[] = []
  const vault = createServer(tls, (request, response) => {
    const { authorization } = request.headers
    seen.push(authorization)
    if (authorization === undefined) {
      const challenge = `Bearer authorization="${entra.url}/${entra.tenantId}", resource="https://vault.azure.net"`
      response.writeHead(401, { 'www-authenticate': challenge }).end()
      return
    }
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({ value: 'hunter2', id: `${origin}/secrets/one/1`, attributes: { enabled: true } }),
    )
  }).listen(0, '127.0.0.1')
  await once(vault, 'listening')
  const { port } = vault.address() as AddressInfo // a TCP server that listens has one
  const origin = `https://localhost:${port}`
  const { token, refused } = await drive(['keyvault'], { vault: origin })
  vault.closeAllConnections()
  vault.close()
  assert.equal(refused, undefined)
  assert.equal(token, 'hunter2')
  assert.equal(seen[0], undefined)
  const { aud, appidacr } = decodeJwt((seen[1] ?? '').replace('Bearer ', ''))
  assert.deepEqual([aud, appidacr], ['https://vault.azure.net', '2'])
})

test('a storage client writes a blob to Azurite, which takes the emulator’s token and no other', {
  timeout: 60_000,
}, async () => {
  const { folder } = stage
  writeFileSync(join(folder, 'tls-key.pem'), tls.key, { mode: 0o600 })
  writeFileSync(join(folder, 'tls-cert.pem'), tls.cert)
  const bin = join(import.meta.dirname, 'node_modules', 'azurite', 'dist', 'src', 'blob', 'main.js')
  const options = [
    '--oauth',
    'basic',
    '--inMemoryPersistence',
    '--skipApiVersionCheck',
    '--disableTelemetry',
    '--blobPort',
    '0',
  ]
  const azurite = spawn(
    process.execPath,
    [bin, ...options, '--key', join(folder, 'tls-key.pem'), '--cert', join(folder, 'tls-cert.pem')],
    { cwd: folder, env: { PATH: process.env.PATH, HOME: folder }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = once(azurite, 'exit')
  try {
    const port = await new Promise<string>((resolve, reject) => {
      let said = ''
      azurite.stdout.on('data', (chunk) => {
        said += chunk
        const [, found] = /listens? on https:\/\/127\.0\.0\.1:(\d+)/.exec(said) ?? []
        if (found !== undefined) resolve(found)
      })
      azurite.once('exit', () => reject(new Error(`Azurite ended: ${said}`)))
    })
    const storage = `https://localhost:${port}/devstoreaccount1`
    assert.deepEqual(await drive(['storage-blob'], { storage }), { name: 'one', token: 'hello' })
    const other = await drive(['storage-blob'], { storage, scope: 'https://graph.microsoft.com/.default' })
    assert.match(other.refused ?? '', /Server failed to authenticate the request/)
  } finally {
    azurite.kill()
    await ended
  }
})
