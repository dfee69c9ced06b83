import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { type AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parseEnv } from 'node:util'
import { demo, startEmulator } from '@x5t/emulator'
import { createStage } from './support/stage.ts'

const stage = createStage()
after(() => stage.remove())

/** Runs the emulator until it has printed its answer, then asks it to stop. */
async function startAndStop(argv: readonly string[], options: { env?: Record<string, string> } = {}) {
  const order: string[] = []
  let stop: (signal: 'SIGTERM') => void = () => {}
  const result = await stage.x5t(['emulator', '--port', '0', ...argv], {
    ...options,
    untilStopped: () => {
      order.push('listens for signals')
      return new Promise((resolve) => {
        stop = resolve
      })
    },
    onOutput: () => {
      order.push('ready')
      stop('SIGTERM')
    },
  })
  return { ...result, order }
}

test('a signal that comes right after the ready line ends it cleanly, with the code of the signal', async () => {
  const { code, order, stderr } = await startAndStop([])
  assert.equal(code, 143, stderr)
  assert.deepEqual(order, ['listens for signals', 'ready'])
})

test('the .env lines survive being read back, with a # in the path of the CA', async () => {
  const folder = join(stage.folder, 'da ta#1')
  const { stdout, stderr } = await startAndStop([], { env: { XDG_DATA_HOME: folder } })
  assert.match(stderr, /these lines into \.env/)
  const variables = parseEnv(stdout)
  assert.equal(variables.NODE_EXTRA_CA_CERTS, join(folder, 'x5t', 'emulator', 'ca.pem'))
  assert.equal(variables.APP_ID, demo.appId)
  assert.match(String(variables.TENANT_URL), /^https:\/\/localhost:\d+\/[0-9a-f-]{36}\/oauth2\/token$/)
})

test('a port in use is named, with a way out', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server that listens has one
  const { code, stdout, stderr } = await stage.x5t(['emulator', '--port', String(port)])
  server.close()
  assert.deepEqual([code, stdout], [3, ''])
  assert.match(stderr, /error: port \d+ is in use\n {2}hint: .*--port 0\nERR_PORT_IN_USE\n$/)
  assert.ok(stderr.includes(`port ${port} `))
})

test('a port that takes rights one has not is not said to be taken', async (t) => {
  t.mock.method(Server.prototype, 'listen', function (this: Server) {
    const error = Object.assign(new Error('listen EACCES'), { code: 'EACCES', syscall: 'listen' })
    process.nextTick(() => this.emit('error', error))
    return this
  })
  const { code, stdout, stderr } = await stage.x5t(['emulator', '--port', '80'])
  assert.deepEqual([code, stdout], [3, ''])
  assert.match(
    stderr,
    /^x5t: error: port 80 cannot be opened \(EACCES\)\n {2}hint: ports below 1024 .*\n.*\nERR_CONFIG_INVALID\n$/,
  )
})

test('a data folder that cannot be made is not blamed on the port', async () => {
  stage.write('file', '')
  const env = { XDG_DATA_HOME: join(stage.folder, 'file') }
  const { code, stderr } = await startAndStop([], { env })
  assert.equal(code, 3)
  assert.match(stderr, /cannot be written \((ENOTDIR|EEXIST)\)[\s\S]*ERR_FILE_UNWRITABLE/)
})

test('an address that is none of this machine is not blamed on the port', async () => {
  const { code, stderr } = await startAndStop(['--listen', '192.0.2.1', '--allow-remote'])
  assert.equal(code, 3)
  assert.match(stderr, /--listen 192\.0\.2\.1 is no address of this machine\nERR_CONFIG_INVALID/)
})

test('an emulator on another address than loopback’s is found by --url only', {
  skip: process.platform !== 'linux',
}, async () => {
  const { code, stdout, stderr } = await startAndStop(['--listen', '127.0.0.2', '--allow-remote', '--http'])
  assert.equal(code, 143)
  assert.match(stdout, /^TENANT_URL=http:\/\/127\.0\.0\.2:\d+\//m)
  assert.match(stderr, /warning: other commands find it by --url only/)
})

test('a file without end is not read to its end', { skip: process.platform !== 'linux' }, async () => {
  const cases = [
    [['emulator', '--seed', '/dev/zero'], '/dev/zero is longer than 32 MiB'],
    [
      ['emulator', 'status', '--url', 'http://localhost:9', '--ca', '/dev/zero'],
      '/dev/zero is longer than 1 MiB',
    ],
  ] as const
  for (const [argv, message] of cases) {
    const { code, stderr } = await stage.x5t(argv)
    assert.deepEqual([code, stderr], [3, `x5t: error: ${message}\nERR_CONFIG_INVALID\n`])
  }
})

test('a data folder where none can be made is refused at once', {
  skip: process.platform !== 'linux',
}, async () => {
  const { code, stderr } = await startAndStop(['--data', '/proc/x5t/data'])
  assert.equal(code, 3)
  assert.match(stderr, /\/proc\/x5t\/data cannot be written \(ENOENT\)/)
})

test('a CA that is damaged says which folder to remove', async () => {
  const folder = join(stage.folder, 'damaged')
  await startAndStop([], { env: { XDG_DATA_HOME: folder } })
  writeFileSync(join(folder, 'x5t', 'emulator', 'ca-key.pem'), 'x')
  const { code, stderr } = await startAndStop([], { env: { XDG_DATA_HOME: folder } })
  assert.equal(code, 3)
  assert.match(stderr, /certificate authority in .*damaged.* remove ca-key\.pem/)
})

test('a seed that does not hold names the file and the place in it', async () => {
  stage.write('seed.json', '{"tenants":[{"id":"x"}]}')
  const { code, stderr } = await startAndStop(['--seed', 'seed.json'])
  assert.equal(code, 3)
  assert.match(stderr, /seed\.json: seed[\s\S]*ERR_CONFIG_INVALID/)
})

test('--data keeps what there is, in a folder of its own, and says when a seed is not planted', async () => {
  const appId = 'd1f1c2ab-3d7c-4b0f-8f0a-52b7a9e0c1de'
  const tenants = [{ id: demo.tenantId, apps: [{ name: 'kept', appId }] }]
  stage.write('kept.json', JSON.stringify({ tenants }))
  const argv = ['--data', 'kept', '--output', 'json']
  const first = await startAndStop([...argv, '--seed', 'kept.json'])
  assert.doesNotMatch(first.stderr, /\.env/) // there are no such lines
  assert.equal(JSON.parse(first.stdout).caPath, join(stage.folder, 'kept', 'ca.pem'))
  assert.doesNotMatch(first.stderr, /reset/)
  const second = await startAndStop(argv)
  assert.equal(JSON.parse(second.stdout).appId, appId)
  chmodSync(join(stage.folder, 'kept', 'signing-keys.json'), 0o644)
  const third = await startAndStop([...argv, '--seed', 'kept.json'])
  assert.match(third.stderr, /kept holds a state already; the seed serves a reset only/)
  if (process.platform !== 'win32')
    assert.match(third.stderr, /warning: other users could read .*signing-keys\.json/)
})

test('--data keeps clock and weather, and the next start says so', async () => {
  const folder = join(stage.folder, 'moved')
  const before = await startEmulator({ dataFolder: folder, http: true })
  before.weather.arm({ kind: 'latency', ms: 5 })
  before.clock.freeze()
  before.clock.set('2030-01-01T00:00:00Z')
  await before.stop()
  const { stderr } = await startAndStop(['--data', 'moved', '--http'])
  assert.match(
    stderr,
    /warning: the clock says 2030-01-01T00:00:00\.000Z and stands still; x5t emulator clock reset/,
  )
  assert.match(stderr, /warning: armed from before: w1 latency; x5t emulator weather clear --all/)
})

test('a data folder that does not hold names the file and the place in it', async () => {
  mkdirSync(join(stage.folder, 'broken'))
  stage.write('broken/state.json', '{"tenants":[{"id":"x"}]}')
  const { code, stderr } = await startAndStop(['--data', 'broken'])
  assert.equal(code, 3)
  assert.match(stderr, /broken\/state\.json: tenants\[0\]\.id: expected a GUID[\s\S]*ERR_CONFIG_INVALID/)
})
