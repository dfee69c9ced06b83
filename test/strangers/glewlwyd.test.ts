import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import type { LoadedCredential } from 'x5t'
import { clientId, connect as connectTo, type More, newCredential, testTaken } from './private-key-jwt.ts'

const schema = '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3'
const isInstalled =
  existsSync(schema) &&
  ['glewlwyd', 'sqlite3'].every(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined,
  )
const options = { skip: isInstalled ? false : 'needs Glewlwyd: apt-get install -y glewlwyd sqlite3' }

const scope = 'api_read'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server that listens has one
  server.close()
  await once(server, 'close')
  return port
}

/** Debian's server with an empty database of its own, until `stop`. */
async function startGlewlwyd(folder: string): Promise<{ url: string; process: ChildProcess }> {
  const [port, database] = [await freePort(), join(folder, 'database')]
  execFileSync('sqlite3', [database, `.read ${schema}`])
  const url = `http://127.0.0.1:${port}`
  const modules = { user: 'user', client: 'client', user_auth_scheme: 'scheme', plugin: 'plugin' }
  const settings: Record<string, string> = {
    port: String(port),
    bind_address: '"127.0.0.1"',
    external_url: `"${url}"`,
    api_prefix: '"api"',
    login_url: '"login"',
    log_mode: '"console"',
    log_level: '"INFO"',
    session_key: '"SESSION"',
    admin_scope: '"g_admin"',
    profile_scope: '"g_profile"',
    hash_algorithm: '"SHA512"',
    database: `{ type = "sqlite3"; path = "${database}"; }`,
  }
  for (const [name, place] of Object.entries(modules))
    settings[`${name}_module_path`] = `"/usr/lib/glewlwyd/${place}"`
  const file = join(folder, 'glewlwyd.conf')
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name} = ${value};\n`)
      .join(''),
  )
  const child = spawn('glewlwyd', ['--config-file', file], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stderr.resume()
  for await (const line of createInterface({ input: child.stdout }))
    if (line.includes('started on port')) break
  child.stdout.resume()
  return { url, process: child }
}

/** What an administrator does on its pages: an OpenID Connect plugin, a scope, and the client with its key. */
async function configure(url: string, { certificate }: LoadedCredential): Promise<string> {
  let cookie = ''
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json', cookie }
    const response = await fetch(`${url}/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    assert.equal(response.status, 200, await response.text())
    cookie ||= response.headers.get('set-cookie')?.split(';')[0] ?? ''
  }
  await post('/auth/', { username: 'admin', password: 'password' })
  const own = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const off = ['code', 'token', 'id-token', 'none', 'password', 'refresh', 'implicit', 'device']
  const parameters = {
    iss: `${url}/api/oidc`,
    'jwt-type': 'rsa',
    'jwt-key-size': '256',
    key: own.privateKey,
    cert: own.publicKey,
    'access-token-duration': 3_600,
    'refresh-token-duration': 3_600,
    'code-duration': 600,
    'refresh-token-rolling': true,
    'allow-non-oidc': true,
    ...Object.fromEntries(off.map((type) => [`auth-type-${type}-enabled`, false])),
    'auth-type-client-enabled': true,
    'request-parameter-allow': true,
    'request-maximum-exp': 600,
    'client-pubkey-parameter': 'pubkey',
    'subject-type': 'public',
    scope: [],
  }
  await post('/mod/plugin/', {
    module: 'oidc',
    name: 'oidc',
    display_name: 'oidc',
    parameters,
    order_rank: 0,
  })
  await post('/scope/', {
    name: scope,
    display_name: scope,
    description: scope,
    password_required: false,
    scheme: {},
  })
  // By PEM: it finds a key of a JWKS by `kid` alone, which assertions for Entra do not carry.
  const { publicKey } = new X509Certificate(certificate.pem)
  await post('/client/', {
    client_id: clientId,
    name: clientId,
    confidential: true,
    enabled: true,
    scope: [scope],
    authorization_type: ['client_credentials'],
    token_endpoint_auth_method: ['private_key_jwt'],
    redirect_uri: [],
    pubkey: publicKey.export({ type: 'spki', format: 'pem' }),
  })
  return `${url}/api/oidc/token`
}

describe('Glewlwyd', options, () => {
  let folder: string
  let server: ChildProcess
  let tokenEndpoint: string
  let credential: LoadedCredential

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'x5t-glewlwyd-'))
    credential = await newCredential()
    const started = await startGlewlwyd(folder)
    server = started.process
    tokenEndpoint = await configure(started.url, credential)
  })
  after(() => {
    server.kill()
    rmSync(folder, { recursive: true, force: true })
  })

  const connect = (more: More) => connectTo(tokenEndpoint, credential, more)

  testTaken({ scope, algorithms: ['PS256', 'RS256'], connect, expected: { token_type: 'bearer' } })

  test('another audience and another key are refused, and the error says what came', async () => {
    const other = await newCredential()
    for (const wrong of [{ audience: 'https://other.example/token' }, { credential: other }]) {
      // It says so by the status alone.
      await assert.rejects(connect(wrong).getToken({ scope }), {
        code: 'ERR_RESPONSE_INVALID',
        status: 403,
        message: /answered 403: no content type, empty/,
      })
    }
  })
})
