import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { demo } from '@x5t/emulator'
import { bin, entra, environment, judged, pair, ran, setUp, stage, windows } from './support/token-stage.ts'
import './token-outputs.ts'
import './token-secrets.ts'
import './token-waits.ts'

const cacheFolder = join(stage.env.XDG_CACHE_HOME, 'x5t')

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

test('--no-cache keeps nothing, and forgets what was kept: that may be older than a grant', async () => {
  await stage.x5t(['token', '--no-cache'])
  assert.ok(!existsSync(cacheFolder))
  await stage.x5t(['token'])
  await stage.x5t(['token', '--no-cache'])
  assert.deepEqual(readdirSync(cacheFolder), [])
  assert.equal(JSON.parse((await stage.x5t(['token', '--json'])).stdout).source, 'minted')
})

test('a next command is named where it gets the same token: without options, and without a question', async () => {
  const next = async (...argv: string[]) =>
    /^next: .*$/m.exec((await stage.x5t(['token', ...argv])).stderr)?.[0]
  assert.equal(await next(), 'next: x5t token | x5t verify --any-client')
  assert.equal(await next('--scope', 'https://graph.microsoft.com/.default'), undefined)
  assert.equal(await next('--resource', demo.carsAppId), undefined)
  stage.write('passphrase', 'geheim')
  assert.equal(await next('--passphrase-file', 'passphrase'), undefined)
  const key = createPrivateKey(pair.privateKeyPem)
  const locked = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'geheim' })
  stage.write('app.pem', locked + pair.certificatePem)
  const asked = await stage.x5t(['token'], {
    ask: async () => 'geheim',
    stdin: Object.assign(stage.io().stdin, { isTTY: true }),
    stdoutIsTTY: true,
  })
  assert.match(asked.stderr, /^expires \S+\n$/)
  const known = await stage.x5t(['token'], { env: { ...stage.env, X5T_PASSPHRASE: 'geheim' } })
  assert.match(known.stderr, /\nnext: /)
})

test('a remembered token that is due gives way to a new one before it is printed, and is printed where there is none', async (context) => {
  const printed = async () => JSON.parse((await stage.x5t(['token', '--json'])).stdout)
  const first = await printed()
  context.mock.method(Date, 'now', () => Date.parse(first.refreshAt) + 1_000)
  const second = await printed()
  assert.equal(second.source, 'minted')
  assert.notEqual(second.accessToken, first.accessToken)
  context.mock.method(Date, 'now', () => Date.parse(second.refreshAt) + 1_000)
  entra.weather.arm({ kind: 'throttling', retryAfterSeconds: 600, endpoint: 'token' })
  const third = await printed()
  entra.weather.clear()
  assert.deepEqual({ ...third, source: '' }, { ...second, source: '' })
  assert.equal(third.source, 'disk')
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
    const child = spawn(process.execPath, [bin, 'token'], {
      cwd: stage.folder,
      env: environment(),
      stdio: 'ignore',
    })
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
