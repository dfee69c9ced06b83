import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { demo, type Emulator, startEmulator } from '@x5t/emulator'
import { generateCertificate, loadCertificate } from 'x5t'
import { registerByGraph } from '../src/init/register-by-graph.ts'
import { createStage } from './support/stage.ts'

/** `x5t init` with a token of an administrator. */
const stage = createStage()
let entra: Emulator
before(async () => {
  entra = await startEmulator({ http: true })
})
after(async () => {
  await entra.stop()
  stage.remove()
})
afterEach(() => stage.empty())

const open = ['--unencrypted-key', '--insecure']
const named = ['--tenant', 'contoso.onmicrosoft.com', '--client-id', demo.appId]

/** A token of the emulator's administrator, for its Graph. */
async function adminToken(): Promise<string> {
  const form = {
    grant_type: 'client_credentials',
    client_id: 'ad314e5a-52b0-4cc2-8d40-6b1fcb8d0a11',
    client_secret: 'demo-admin-secret',
    scope: 'https://graph.microsoft.com/.default',
  }
  const address = `${entra.url}/${demo.tenantId}/oauth2/v2.0/token`
  const answer = await fetch(address, { method: 'POST', body: new URLSearchParams(form) })
  const { access_token } = (await answer.json()) as { access_token: string } // the demo's administrator has a secret
  return access_token
}

test('with a token of an administrator it registers by Graph, and the keys that were there stay', async () => {
  const foreign = await generateCertificate({ commonName: 'foreign' })
  entra.addCertificate({ appId: demo.appId, certificate: foreign.certificatePem })
  const token = await adminToken()
  const argv = [
    'init',
    ...named,
    ...open,
    '--authority',
    entra.url,
    '--scope',
    `api://${demo.carsAppId}/.default`,
    '--admin-token-stdin',
  ]
  const { code, stdout, stderr } = await stage.x5t(argv, { input: `${token}\n` })
  assert.equal(code, 0, stderr)
  assert.match(
    stderr,
    /registered with app \S+ by Microsoft Graph, key id [0-9a-f-]{36}\nnext: x5t token --wait 5m\n$/,
  )
  assert.ok(!(stdout + stderr).includes(token))
  const keys =
    entra.exportSeed().tenants[0]?.apps?.find(({ appId }) => appId === demo.appId)?.certificates ?? []
  assert.equal(keys.length, 2)
  assert.equal((await stage.x5t(['token', '--wait', '5m'])).code, 0)
  // The option names the pipe, so that --no-input has nothing against it.
  const other = await stage.x5t([...argv, '--profile', 'other', '--no-input'], { input: `${token}\n` })
  assert.equal(other.code, 0, other.stderr)
})

test('a token that Graph refuses is no success, is not shown, and leaves what was written', async () => {
  const argv = ['init', ...named, ...open, '--authority', entra.url, '--admin-token-stdin']
  const { code, stdout, stderr } = await stage.x5t(argv, { input: 'abc.geheim.def' })
  assert.equal(code, 4)
  assert.match(stdout, /^wrote/)
  assert.match(
    stderr,
    /refused with 401 \(InvalidAuthenticationToken[\s\S]*az account get-access-token[\s\S]*ERR_GRAPH_REFUSED/,
  )
  assert.ok(!stderr.includes('geheim'))
  const noise = await stage.x5t([...argv, '--profile', 'other'], { input: 'no token' })
  assert.equal(noise.code, 3)
  assert.match(noise.stderr, /no access token/)
})

test('an answer of Graph is read so far and no further', async () => {
  const { certificatePem } = await generateCertificate({ commonName: 'app' })
  const certificate = await loadCertificate({ pem: certificatePem })
  let mebibytes = 0
  const endless = new ReadableStream({
    pull(controller) {
      mebibytes++
      controller.enqueue(Buffer.alloc(1_048_576, ' '))
    },
  })
  const graph = { graph: 'https://graph.example', clientId: demo.appId, adminToken: 'abc', certificate }
  const registration = { ...graph, fetch: async () => new Response(endless) }
  await assert.rejects(registerByGraph(registration), {
    code: 'ERR_GRAPH_REFUSED',
    message: 'the answer of graph.example is longer than 4 MiB',
  })
  assert.ok(mebibytes < 10, `${mebibytes} MiB`)
})

test('a token of an administrator goes to no host that only a file or variable names', async () => {
  stage.write('.env', 'X5T_AUTHORITY=https://login.evil.invalid')
  const argv = ['init', ...named, ...open, '--admin-token-stdin']
  const { code, stderr } = await stage.x5t(argv, { input: 'abc.geheim.def' })
  assert.equal(code, 3)
  assert.match(stderr, /X5T_AUTHORITY in \.env names https:\/\/login\.evil\.invalid, which is no known cloud/)
  assert.match(stderr, /hint: nothing was written or sent/)
  assert.ok(!existsSync(join(stage.env.XDG_DATA_HOME, 'x5t')))
})
