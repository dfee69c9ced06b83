import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import type { LoadedCredential } from 'x5t'
import { clientId, connect as connectTo, type More, newCredential, testTaken } from './private-key-jwt.ts'

/** Debian's, for the package is Debian's. */
const python = '/usr/bin/python3'
const isInstalled = spawnSync(python, ['-c', 'import authlib.oauth2'], { stdio: 'ignore' }).status === 0
const options = { skip: isInstalled ? false : 'needs authlib: apt-get install -y python3-authlib' }

const scope = 'api:read'

describe('authlib', options, () => {
  let folder: string
  let server: ChildProcess
  let tokenEndpoint: string
  let credential: LoadedCredential

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'x5t-authlib-'))
    credential = await newCredential()
    const { publicKey } = new X509Certificate(credential.certificate.pem)
    const jwk = join(folder, 'jwk.json')
    writeFileSync(jwk, JSON.stringify(publicKey.export({ format: 'jwk' })))
    const env = { ...process.env, AUTHLIB_INSECURE_TRANSPORT: '1' }
    const child = spawn(python, [join(import.meta.dirname, 'authlib-server.py'), clientId, jwk], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    server = child
    ;[tokenEndpoint] = await once(createInterface({ input: child.stdout }), 'line')
  })
  after(() => {
    server.kill()
    rmSync(folder, { recursive: true, force: true })
  })

  const connect = (more: More) => connectTo(tokenEndpoint, credential, more)

  testTaken({
    scope,
    algorithms: ['PS256', 'RS256'],
    connect,
    expected: { token_type: 'Bearer', expires_in: 3_600 },
  })

  test('another audience, another key and another client are refused, and the error says so', async () => {
    const other = await newCredential()
    for (const wrong of [{ audience: `${tokenEndpoint}s` }, { credential: other }, { clientId: 'other' }]) {
      await assert.rejects(connect(wrong).getToken({ scope }), {
        code: 'ERR_ENTRA_REFUSED',
        error: 'invalid_client',
      })
    }
  })
})
