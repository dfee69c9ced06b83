import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import { createClient, generateCertificate, type LoadedCredential, loadCredential } from 'x5t'

/** Debian's, for the package is Debian's. */
const python = '/usr/bin/python3'
const isInstalled = spawnSync(python, ['-c', 'import authlib.oauth2'], { stdio: 'ignore' }).status === 0
const options = { skip: isInstalled ? false : 'needs authlib: apt-get install -y python3-authlib' }

const clientId = 'billing'
const scope = 'api:read'

async function newCredential(): Promise<LoadedCredential> {
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: clientId })
  return loadCredential({ pem: privateKeyPem + certificatePem })
}

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

  const connect = (more = {}) =>
    createClient({ tokenEndpoint, allowHttpAuthority: true, clientId, credential, ...more })

  for (const algorithm of ['PS256', 'RS256'] as const) {
    test(`our ${algorithm} assertion is taken, a new one each time`, async () => {
      const client = connect({ algorithm })
      const first = await client.getTokenResponse({ scope })
      const second = await client.getTokenResponse({ scope })
      assert.deepEqual([first.token_type, first.expires_in], ['Bearer', 3_600])
      assert.notEqual(first.access_token, second.access_token)
    })
  }

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
