import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, afterEach, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { AzureCliCredential } from '@azure/identity'
import { demo, type Emulator, type JudgedRequest, startEmulator } from '@x5t/emulator'
import { generateCertificate } from 'x5t'
import { createStage } from './support/stage.ts'

const stage = createStage()
let entra: Emulator
let pair: { certificatePem: string; privateKeyPem: string }
const judged: JudgedRequest[] = []
const scope = `api://${demo.carsAppId}/.default`
const bin = join(import.meta.dirname, '..', 'bin', 'x5t.js')
const windows = process.platform === 'win32'

before(async () => {
  entra = await startEmulator({ http: true, onJudgement: (request) => judged.push(request) })
  pair = await generateCertificate({ commonName: 'app' })
  entra.addCertificate({ appId: demo.appId, certificate: pair.certificatePem })
  setUp()
})
after(async () => {
  await entra.stop()
  stage.remove()
})
afterEach(() => {
  judged.length = 0
  stage.empty()
  setUp()
})

function setUp(profile: object = {}): void {
  stage.write('app.pem', pair.privateKeyPem + pair.certificatePem)
  const settings = {
    tenant: demo.tenantId,
    clientId: demo.appId,
    certificate: 'app.pem',
    authority: entra.url,
    scope,
  }
  stage.write('x5t.json', JSON.stringify({ profiles: { default: { ...settings, ...profile } } }))
}

const environment = (extra: Record<string, string | undefined> = {}) => ({
  ...process.env,
  HOME: stage.folder,
  NODE_EXTRA_CA_CERTS: '',
  ...stage.env,
  ...extra,
})
const cacheFolder = join(stage.env.XDG_CACHE_HOME, 'x5t')

function started(argv: readonly string[], env = environment()) {
  return spawn(process.execPath, [bin, ...argv], {
    cwd: stage.folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
const ran = (argv: readonly string[], env = environment()) =>
  promisify(execFile)(process.execPath, [bin, ...argv], { cwd: stage.folder, env })

test('a token is remembered, and says where it came from', async () => {
  const first = JSON.parse((await stage.x5t(['token', '--json'])).stdout)
  const second = JSON.parse((await stage.x5t(['token', '--json'])).stdout)
  assert.deepEqual([first.source, second.source, judged.length], ['minted', 'disk', 1])
  assert.deepEqual({ ...second, source: '' }, { ...first, source: '' })
  for (const name of readdirSync(cacheFolder)) {
    const content = readFileSync(join(cacheFolder, name), 'latin1')
    assert.ok(!content.includes(first.accessToken.slice(0, 20)) && !content.includes(demo.carsAppId))
  }
  const third = JSON.parse((await stage.x5t(['token', '--json', '--no-cache'])).stdout)
  assert.deepEqual([third.source, judged.length], ['minted', 2])
})

test('fifty processes at once make one request', { timeout: 100_000 }, async () => {
  const outputs = await Promise.all(Array.from({ length: 50 }, () => ran(['token'])))
  assert.equal(new Set(outputs.map(({ stdout }) => stdout)).size, 1)
  assert.match(outputs[0]?.stdout ?? '', /^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/)
  for (const { stderr } of outputs) assert.match(stderr, /^expires .*\nnext: .*\n$/)
  assert.equal(judged.length, 1)
  assert.deepEqual(
    readdirSync(cacheFolder).filter((name) => !name.endsWith('.token')),
    [],
  )
})

test('killed at any moment, it leaves nothing that stops the next one', {
  timeout: 100_000,
  skip: windows && 'no kill -9',
}, async () => {
  for (let kill = 0; kill < 8; kill++) {
    const child = started(['token'])
    const ended = once(child, 'exit') // it may end before it is killed
    await pause(60 + Math.random() * 140)
    child.kill('SIGKILL')
    await ended
    if (kill % 2 > 0) continue
    const { code, stdout, stderr } = await stage.x5t(['token'])
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^eyJ/)
    assert.ok(!stderr.includes('warning'), stderr)
    for (const name of readdirSync(cacheFolder))
      if (name.endsWith('.token')) writeFileSync(join(cacheFolder, name), 'x')
  }
})

test('a disk that cannot be written is said once, and the token comes', {
  skip: windows && 'no modes',
}, async () => {
  writeFileSync(join(stage.folder, 'file'), '')
  const env = { ...stage.env, XDG_CACHE_HOME: join(stage.folder, 'file') }
  const { code, stdout, stderr } = await stage.x5t(['token'], { env })
  assert.equal(code, 0)
  assert.match(stdout, /^eyJ/)
  assert.match(stderr, /^x5t: warning: tokens are not remembered: \S+ cannot be used \(ENOTDIR\)\nexpires/)
  const homeless = await stage.x5t(['token'], {
    env: { XDG_CONFIG_HOME: stage.env.XDG_CONFIG_HOME },
    homeFolder: () => {
      throw new Error('no home')
    },
  })
  assert.equal(homeless.code, 0)
  assert.match(homeless.stderr, /^x5t: warning: tokens are not remembered: the system knows no home folder/)
})

test('--output env is read by a shell, header by curl, as they are', {
  skip: windows && 'no sh',
}, async () => {
  const { stdout } = await stage.x5t(['token', '--output', 'env'])
  const read = await promisify(execFile)('sh', ['-c', `${stdout}\nprintf %s "$X5T_ACCESS_TOKEN"`])
  assert.equal(`${read.stdout}\n`, (await stage.x5t(['token'])).stdout)
  assert.match(
    (await stage.x5t(['token', '--output', 'header'])).stdout,
    /^Authorization: Bearer eyJ[^\n]+\n$/,
  )
})

test('--output exec-credential is what kubectl reads, in the version that it asks for', async () => {
  for (const version of ['v1', 'v1beta1']) {
    const info = `{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/${version}","spec":{}}`
    const env = { ...stage.env, KUBERNETES_EXEC_INFO: info }
    const { stdout } = await stage.x5t(['token', '--output', 'exec-credential'], { env })
    const { apiVersion, kind, status, ...rest } = JSON.parse(stdout)
    assert.deepEqual(
      [apiVersion, kind, rest],
      [`client.authentication.k8s.io/${version}`, 'ExecCredential', {}],
    )
    assert.deepEqual(Object.keys(status), ['token', 'expirationTimestamp'])
    // metav1.Time: RFC 3339 in whole seconds.
    assert.match(status.expirationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  }
})

test('--output azure-cli is what the Azure SDK reads of az', { skip: windows && 'no sh' }, async () => {
  const folder = join(stage.folder, 'bin')
  mkdirSync(folder)
  const az = [
    '#!/bin/sh',
    'while [ $# -gt 0 ]; do [ "$1" = --resource ] && resource=$2; shift; done',
    `cd '${stage.folder}' && exec '${process.execPath}' '${bin}' token --output azure-cli --resource "$resource"`,
  ]
  writeFileSync(join(folder, 'az'), az.join('\n'))
  chmodSync(join(folder, 'az'), 0o755)
  const before = { ...process.env }
  Object.assign(process.env, environment({ PATH: `${folder}:${before.PATH}`, TZ: 'Asia/Kolkata' }))
  try {
    const found = await new AzureCliCredential().getToken(scope)
    const { expiresOn } = JSON.parse(
      (await stage.x5t(['token', '--resource', `api://${demo.carsAppId}`, '--json'])).stdout,
    )
    assert.match(found.token, /^eyJ/)
    assert.equal(found.expiresOnTimestamp, expiresOn * 1_000)
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
})

test('times are the same in every zone', async () => {
  await ran(['token'])
  const [kolkata, utc] = await Promise.all(
    ['Asia/Kolkata', 'UTC'].map((TZ) => ran(['token', '--output', 'json'], environment({ TZ }))),
  )
  assert.equal(kolkata?.stdout, utc?.stdout)
})

test('--wait asks until the certificate is known, and says how long it has waited', async () => {
  const { appId } = entra.addApp({
    name: 'late',
    grants: [{ resourceAppId: demo.carsAppId, role: 'Cars.Read' }],
  })
  setUp({ clientId: appId })
  const began = Date.now()
  let now = began
  const waiting = {
    now: () => now,
    pause: async (ms: number) => {
      now += ms
      if (now > began + 6_000) entra.addCertificate({ appId, certificate: pair.certificatePem })
    },
  }
  const { code, stdout, stderr } = await stage.x5t(['token', '--wait', '5m'], waiting)
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^eyJ/)
  assert.match(
    stderr,
    /^waiting for Entra to accept the new certificate … 0 s of 5 min \(probe 1: key not found yet\)\n.*3 s of 5 min \(probe 2/,
  )
})

test('--wait ends at its limit with the refusal, and waits for nothing else', async () => {
  const { appId } = entra.addApp({ name: 'never' })
  setUp({ clientId: appId })
  let now = Date.now()
  let pauses = 0
  const waiting = {
    now: () => now,
    pause: async (ms: number) => {
      now += ms
      pauses++
    },
  }
  const { code, stderr } = await stage.x5t(['token', '--wait', '10s'], waiting)
  assert.equal(code, 4)
  assert.match(stderr, /AADSTS700027[\s\S]*ERR_ENTRA_REFUSED/)
  assert.equal(pauses, 3)
  setUp({ clientId: demo.tenantId })
  assert.match((await stage.x5t(['token', '--wait', '10s'], waiting)).stderr, /AADSTS700016/)
  assert.equal(pauses, 3)
  assert.equal((await stage.x5t(['token', '--wait', 'soon'])).code, 2)
})

test('--explain shows the conversation, and nothing in it is a credential', async () => {
  const { stdout, stderr } = await stage.x5t(['token', '--explain'])
  const [token = ''] = stdout.split('\n')
  assert.ok(stderr.includes(`> POST ${entra.url}/${demo.tenantId}/oauth2/v2.0/token\n`))
  assert.match(
    stderr,
    /\n> {3}client_assertion =\n> {5}header +\{"alg":"PS256"[^\n]*\n> {5}claims +\{"aud"[^\n]*\n> {5}signature \(256 bytes\)\n/,
  )
  assert.match(stderr, /\n< 200\n[\s\S]*"access_token":"\(\d+ characters\)"/)
  assert.ok(!stderr.includes('eyJ') && !stderr.includes(token.slice(-40)))
  setUp({ clientId: demo.tenantId })
  const refused = await stage.x5t(['token', '--explain'])
  assert.match(refused.stderr, /\n< 400\n[\s\S]*"error_description":"AADSTS700016[\s\S]*ERR_ENTRA_REFUSED/)
})

const canary = 'kanarienvogel'
test('a passphrase comes from a file, a descriptor, standard input or a variable, and is shown nowhere', {
  skip: windows && 'no descriptors',
}, async () => {
  const key = createPrivateKey(pair.privateKeyPem)
  const locked = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: canary })
  stage.write('locked.pem', locked + pair.certificatePem)
  stage.write('passphrase', `${canary}\n`)
  const argv = ['token', '--cert', 'locked.pem', '--no-cache', '--explain']
  const named = await stage.x5t([...argv, '--passphrase-file', 'passphrase'])
  const piped = await stage.x5t([...argv, '--passphrase-stdin'], { input: canary })
  const noInput = await stage.x5t([...argv, '--passphrase-stdin', '--no-input'], { input: canary })
  const typed = await stage.x5t([...argv, '--passphrase-stdin'], {
    stdin: Object.assign(Readable.from([canary]), { isTTY: true }),
  })
  assert.deepEqual([typed.code, typed.stdout], [2, ''])
  assert.match(typed.stderr, /reads a passphrase from a pipe, and there is none\n {2}hint: leave it out/)
  const variable = await stage.x5t(argv, { env: { ...stage.env, X5T_PASSPHRASE: canary } })
  const azure = await stage.x5t(['token', '--no-cache'], {
    env: {
      ...stage.env,
      AZURE_CLIENT_CERTIFICATE_PATH: 'locked.pem',
      AZURE_CLIENT_CERTIFICATE_PASSWORD: canary,
    },
  })
  const asked = await stage.x5t(argv, {
    ask: async () => canary,
    stdin: Object.assign(stage.io().stdin, { isTTY: true }),
    stdoutIsTTY: true,
  })
  for (const { code, stderr } of [named, piped, noInput, variable, azure, asked]) {
    assert.equal(code, 0, stderr)
    assert.ok(!stderr.includes(canary))
  }
  const missing = await stage.x5t(argv)
  assert.equal(missing.code, 3)
  assert.match(missing.stderr, /ERR_PASSPHRASE_MISSING/)
})

test('a key comes by X5T_KEY: PEM, PEM in one line, base64, with its certificate or beside it', async () => {
  const whole = pair.privateKeyPem + pair.certificatePem
  const forms = [
    whole,
    whole.replaceAll('\n', '\\n'),
    Buffer.from(whole).toString('base64'),
    pair.privateKeyPem,
  ]
  for (const X5T_KEY of forms) {
    const { code, stderr } = await stage.x5t(['token', '--no-cache'], { env: { ...stage.env, X5T_KEY } })
    assert.equal(code, 0, stderr)
  }
  setUp({ certificate: undefined })
  const alone = await stage.x5t(['token'], { env: { ...stage.env, X5T_KEY: pair.privateKeyPem } })
  assert.equal(alone.code, 3)
  assert.match(alone.stderr, /the key from X5T_KEY comes without a certificate/)
  assert.ok(!alone.stderr.includes(pair.privateKeyPem.slice(40, 80)))
})
