import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { demo, type Emulator, startEmulator } from '@x5t/emulator'
import { generateCertificate } from 'x5t'
import { emulatorsOnFile, writeRunFile } from '../src/emulator/run-file.ts'
import { createStage } from './support/stage.ts'

/** How commands find the emulator that runs, how they end it, and what they make of something else in its place. */
const stage = createStage()
let entra: Emulator
before(async () => {
  entra = await startEmulator({ http: true })
  const { certificatePem } = await generateCertificate({ commonName: 'billing' })
  stage.write('billing.crt', certificatePem)
})
after(async () => {
  await entra.stop()
  stage.remove()
})

test('stop ends the emulator that runs, waits until its folder is free, and says when none runs', async () => {
  const env = { XDG_DATA_HOME: join(stage.folder, 'data'), XDG_STATE_HOME: join(stage.folder, 'stop') }
  const options = { env, pause }
  const start = (onOutput: () => void) =>
    stage.x5t(['emulator', '--http', '--port', '0', '--json', '--data', 'stopped'], { env, onOutput })
  for (let round = 0; round < 2; round += 1) {
    let running: ReturnType<typeof start> | undefined
    await new Promise<void>((resolve) => {
      running = start(resolve)
    })
    const { code, stdout, stderr } = await stage.x5t(['emulator', 'stop'], options)
    const ended = await running
    assert.deepEqual([code, stdout, ended?.code], [0, '', 0], stderr)
    assert.equal(stderr, `the emulator at ${JSON.parse(ended?.stdout ?? '').url} has ended\n`)
  }
  const { code, stderr } = await stage.x5t(['emulator', 'stop'], { env })
  assert.deepEqual([code, stderr], [0, 'no emulator is known to run on this machine\n'])
})

const otherName = (url: string) => url.replace('localhost', '127.0.0.1')

/** Two emulators that `x5t emulator` started, the newest last; each ends when a command asks it to. */
async function startTwo(state: string) {
  const env = { XDG_DATA_HOME: join(stage.folder, 'data'), XDG_STATE_HOME: join(stage.folder, state) }
  const options = { env, pause }
  async function start(...more: string[]) {
    let stdout = ''
    let ended: Promise<{ code: number }> | undefined
    await new Promise<void>((resolve) => {
      ended = stage.x5t(['emulator', '--port', '0', '--json', ...more], {
        ...options,
        stdout: {
          write: (text) => {
            stdout += text
            resolve()
          },
        },
      })
    })
    return { url: String(JSON.parse(stdout).url), ended }
  }
  return { options, first: await start(), second: await start('--http') }
}

test('of two emulators the newest is found first, and once it has ended the other', async () => {
  const { options, first, second } = await startTwo('two')
  const status = await stage.x5t(['emulator', 'status', '--json'], options)
  assert.equal(JSON.parse(status.stdout).url, second.url, status.stderr)
  const named = await stage.x5t(['emulator', 'status', '--url', first.url], options)
  assert.equal(named.code, 0, named.stderr)

  const otherwise = await stage.x5t(['emulator', 'status', '--url', otherName(first.url)], options)
  assert.equal(otherwise.code, 0, otherwise.stderr)

  const elsewhere = await stage.x5t(['emulator', 'status', '--url', 'http://localhost:9'], options)
  const start = 'hint: start it with: x5t emulator --port 9 --http\n'
  assert.ok(
    elsewhere.stderr.includes(`hint: one runs at another address: --url ${second.url}\n  ${start}`),
    elsewhere.stderr,
  )
  const insecure = first.url.replace('https:', 'http:')
  const misspelt = await stage.x5t(['emulator', 'status', '--url', insecure], options)
  assert.match(
    misspelt.stderr,
    new RegExp(`\\n  hint: one runs at another address: --url ${first.url}\\nERR_NO_ANSWER\\n$`),
  )

  for (const [{ url }, remedy] of [
    [first, `hint: to end it: x5t emulator stop --url ${first.url}\n`],
    [second, `hint: to end it: x5t emulator stop --url ${second.url}\n`],
  ] as const) {
    const taken = await stage.x5t(['emulator', '--port', new URL(url).port], options)
    assert.equal(taken.code, 3)
    assert.match(taken.stderr, /^x5t: error: port \d+ is in use by an x5t emulator$/m)
    assert.ok(taken.stderr.includes(remedy), taken.stderr)
  }

  const stops = [
    `the emulator at ${second.url} has ended\nanother runs at ${first.url}; to end it: x5t emulator stop --url ${first.url}\n`,
    `the emulator at ${first.url} has ended\n`,
    'no emulator is known to run on this machine\n',
  ]
  for (const said of stops) {
    const { code, stderr } = await stage.x5t(['emulator', 'stop'], options)
    assert.deepEqual([code, stderr], [0, said])
  }
  assert.deepEqual([(await first.ended)?.code, (await second.ended)?.code], [0, 0])
})

test('stop ends the one that --url or the environment names, or else the configured one, and no other', async () => {
  const { options, first, second } = await startTwo('named')
  stage.writeUserConfig('{"profiles":{"staging":{"authority":"http://localhost:9"}}}')
  const stop = async (argv: readonly string[], more: Record<string, string> = {}) => {
    const env = { ...stage.env, ...options.env, ...more }
    const { code, stderr } = await stage.x5t(['emulator', 'stop', ...argv], { ...options, env })
    return [code, stderr]
  }
  const next = (url: string) => `another runs at ${url}; to end it: x5t emulator stop --url ${url}\n`
  const nowhere = 'http://localhost:9'
  for (const [argv, env] of [
    [['--url', `${nowhere}/`], {}],
    [[], { X5T_EMULATOR_URL: nowhere }],
    [[], { X5T_AUTHORITY: nowhere }],
    [['--profile', 'staging'], {}],
  ] as const)
    assert.deepEqual(await stop(argv, env), [0, `no emulator runs at ${nowhere}\n${next(second.url)}`])
  stage.write('broken.pem', 'no certificate')
  const [broken, unread] = await stop(['--ca', 'broken.pem'], { X5T_AUTHORITY: first.url })
  assert.equal(broken, 3)
  assert.match(String(unread), /ERR_CONFIG_INVALID\n$/)
  assert.deepEqual(await stop([], { X5T_AUTHORITY: otherName(first.url) }), [
    0,
    `the emulator at ${first.url} has ended\n${next(second.url)}`,
  ])
  for (const [argv, env] of [
    [['--profile', 'nosuch'], {}],
    [[], { X5T_PROFILE: 'nosuch' }],
  ] as const) {
    const [code, stderr] = await stop(argv, env)
    assert.equal(code, 3, String(stderr))
    assert.match(String(stderr), /there is no profile "nosuch"/)
  }
  assert.deepEqual(await stop(['--url', otherName(second.url)]), [
    0,
    `the emulator at ${second.url} has ended\n`,
  ])
  const [code, stderr] = await stop(['--url', entra.url])
  assert.equal(code, 4)
  assert.match(String(stderr), /this emulator ends with the program that started it/)
  await Promise.all([first.ended, second.ended])
})

test('an emulator that was killed is passed over, and its file goes with the next start', async () => {
  const gone = spawnSync(process.execPath, ['-e', '']).pid ?? 0
  const env = { XDG_STATE_HOME: join(stage.folder, 'killed') }
  const io = stage.io({ env })
  const demoTenant = { tenantId: demo.tenantId, appId: demo.appId }
  await writeRunFile(io, { url: entra.url, port: entra.port, ...demoTenant, pid: process.pid })
  await writeRunFile(io, { url: 'http://localhost:9', port: 9, ...demoTenant, pid: gone })
  const status = await stage.x5t(['emulator', 'status', '--json'], { env })
  assert.equal(JSON.parse(status.stdout).url, entra.url, status.stderr)
  await writeRunFile(io, { url: 'http://localhost:7', port: 7, ...demoTenant, pid: process.pid })
  assert.deepEqual(
    emulatorsOnFile(io).map(({ url }) => url),
    ['http://localhost:7', entra.url],
  )
})

/** What `stop` and `status` make of a run file. */
async function withRunFile(running: object | string) {
  const env = { XDG_STATE_HOME: join(stage.folder, 'found') }
  const file = join(env.XDG_STATE_HOME, 'x5t', 'emulator-1.json')
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, typeof running === 'string' ? running : JSON.stringify(running))
  const status = await stage.x5t(['emulator', 'status'], { env })
  return { status, stop: await stage.x5t(['emulator', 'stop'], { env }), isThere: existsSync(file) }
}

test('the run file of a killed emulator is removed by stop, which sends nothing to whoever has the port now', async () => {
  const gone = spawnSync(process.execPath, ['-e', '']).pid
  for (const running of [
    { url: entra.url, pid: gone },
    { url: 'http://localhost:9', pid: process.pid },
  ]) {
    const { stop, isThere } = await withRunFile(running)
    assert.deepEqual([stop.code, stop.stderr], [0, `no emulator runs at ${running.url}\n`])
    assert.ok(!isThere)
  }
  assert.ok((await fetch(`${entra.url}/healthz`)).ok)
})

const unbelievable: readonly (object | string)[] = [
  { url: 'https://login.microsoftonline.com', pid: process.pid },
  { url: 'https://localhost.evil.example:8443' },
  { url: 'https://user:secret@localhost:8443' },
  { url: 'ftp://localhost:8443' },
  { url: ['https://localhost:8443'] },
  'null',
  '[',
  `${' '.repeat(1_100_000)}{"url":"http://localhost:9"}`,
]
for (const running of unbelievable) {
  test(`the run file ${JSON.stringify(running).slice(0, 60)} leads nowhere`, async () => {
    const { status, stop } = await withRunFile(running)
    assert.deepEqual([status.code, stop.code], [3, 0])
    for (const { stderr } of [status, stop]) assert.match(stderr, /no emulator is known to run/)
  })
}

test('an emulator that knows no stop, and one that belongs to a program, say so; an answer without end is cut off', async (t) => {
  const { stop: owned } = await withRunFile({ url: entra.url, pid: process.pid })
  assert.equal(owned.code, 4)
  assert.match(owned.stderr, /refused: this emulator ends with the program that started it/)
  assert.match(owned.stderr, new RegExp(`hint: or end process ${process.pid} yourself`))

  const chunk = Buffer.alloc(1_048_576, 'x')
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') response.writeHead(404).end('{"error":{"message":"no route"}}')
    else {
      response.on('error', () => {})
      while (!response.destroyed) if (!response.write(chunk)) await once(response, 'drain').catch(() => {})
    }
  }).listen(0, '127.0.0.1')
  t.after(() => server.close().closeAllConnections())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server that listens has one
  const { status, stop } = await withRunFile({ url: `http://127.0.0.1:${port}`, pid: process.pid })
  assert.deepEqual([status.code, stop.code], [4, 4])
  assert.match(status.stderr, /answered more than 32 MiB, and not as an emulator/)
  assert.match(stop.stderr, /refused: no route/)
})

const hollow: readonly (readonly string[])[] = [
  ['status'],
  ['app', 'add', 'x'],
  ['app', 'list'],
  ['role', 'grant', 'Cars.Read', '--resource', demo.carsAppId, '--app', demo.appId],
  ['cert', 'add', 'billing.crt', '--app', demo.appId],
  ['cert', 'list', '--app', demo.appId],
  ['cert', 'remove', 'k1', '--app', demo.appId],
  ['clock', 'show'],
  ['clock', 'reset'],
  ['keys', 'roll'],
  ['weather', 'add', 'latency'],
  ['weather', 'list'],
  ['weather', 'clear', '--all'],
]

test('a server that answers everything with 200 and {} is no emulator, whatever it is asked', async (t) => {
  const server = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1')
  t.after(() => server.close().closeAllConnections())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server that listens has one
  const url = `http://127.0.0.1:${port}`
  for (const argv of hollow) {
    const { code, stdout, stderr } = await stage.x5t(['emulator', ...argv, '--url', url])
    assert.deepEqual([code, stdout], [4, ''], argv.join(' '))
    assert.match(stderr, /answered 200, and not as an emulator\n {2}hint: .*\nERR_EMULATOR_REFUSED\n$/)
  }
  const { stop } = await withRunFile({ url, pid: process.pid })
  assert.match(stop.stderr, /answered 200, and not as an emulator/)
})

test('a run file of an emulator that was killed leads to a plain answer', async () => {
  const env = { XDG_STATE_HOME: join(stage.folder, 'dead') }
  mkdirSync(join(env.XDG_STATE_HOME, 'x5t'), { recursive: true })
  writeFileSync(join(env.XDG_STATE_HOME, 'x5t', 'emulator-1.json'), '{"url":"http://localhost:9"}')
  const { code, stderr } = await stage.x5t(['emulator', 'status'], { env })
  assert.equal(code, 5)
  assert.match(
    stderr,
    /the emulator at http:\/\/localhost:9 does not answer \(ECONNREFUSED\)\n {2}hint: start it with: x5t emulator --port 9 --http\n/,
  )
})
