import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'

/** The real process, as it is started from a shell. */
let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'x5t-process-'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

const bin = join(import.meta.dirname, '..', 'bin', 'x5t.js')

function start(argv: readonly string[], extra: Record<string, string> = {}) {
  const env = {
    ...process.env,
    FORCE_COLOR: undefined,
    XDG_DATA_HOME: join(folder, 'data'),
    LOCALAPPDATA: join(folder, 'data'),
    HOME: folder,
    ...extra,
  }
  const stdio = ['ignore', 'pipe', 'pipe'] as const
  // What waits for the writer of a pipe would wait for ever.
  return spawn(process.execPath, [bin, ...argv], { cwd: folder, env, stdio: [...stdio], timeout: 10_000 })
}

async function finished(
  child: ReturnType<typeof start>,
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const ended = once(child, 'exit')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await ended
  return { code, stdout, stderr }
}

test('without words the process prints six lines and exits 0', async () => {
  const { code, stdout, stderr } = await finished(start([]))
  assert.deepEqual([code, stderr, stdout.trimEnd().split('\n').length], [0, '', 6])
})

test('an answer that finds no room is a failure in one line', {
  skip: process.platform !== 'linux' && 'no /dev/full',
}, () => {
  const full = openSync('/dev/full', 'w')
  for (const argv of [['--help'], ['config', 'path', '--quiet']]) {
    const { status, stderr } = spawnSync(process.execPath, [bin, ...argv], {
      cwd: folder,
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    })
    assert.equal(status, 3)
    assert.match(stderr, /^x5t: error: standard output cannot be written: ENOSPC\nERR_FILE_UNWRITABLE\n$/)
  }
  const deaf = spawnSync(process.execPath, [bin, 'config', 'path'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', full],
  })
  assert.equal(deaf.status, 0)
  closeSync(full)
})

test('a passphrase comes by a file descriptor, and so does a key', {
  skip: process.platform === 'win32' && 'Windows hands over no further descriptors',
}, async () => {
  const argv = ['cert', 'new', '--name', 'billing', '--passphrase-fd', '3']
  const child = spawn(process.execPath, [bin, ...argv], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const pipe = child.stdio[3]
  assert.ok(pipe instanceof Writable)
  pipe.end('geheim\n')
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
  const key = readFileSync(join(folder, 'billing.key'), 'utf8')
  const privateKey = createPrivateKey({ key, passphrase: 'geheim' })
  const locked = { type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'geheim' } as const
  const words = ['cert', 'test', 'billing.crt', '--key-fd', '3', '--passphrase-fd', '4']
  const stdio = ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'] as const
  for (const form of [key, privateKey.export({ format: 'der', ...locked })]) {
    const tested = spawn(process.execPath, [bin, ...words], { cwd: folder, stdio: [...stdio] })
    const [keyPipe, passphrasePipe] = [tested.stdio[3], tested.stdio[4]]
    assert.ok(keyPipe instanceof Writable && passphrasePipe instanceof Writable)
    keyPipe.end(form)
    passphrasePipe.end('geheim\n')
    assert.ok(tested.stdout !== null)
    assert.match(await text(tested.stdout), /^ok {2}PS256 {2}signed and verified\n/)
  }
})

test('stderr has colours where they are asked for, and none in a pipe', async () => {
  const plain = await finished(start(['tokn']))
  assert.ok(!plain.stderr.includes('\u001b'))
  const dressed = await finished(start(['tokn'], { FORCE_COLOR: '1' }))
  assert.ok(dressed.stderr.startsWith('x5t: \u001b[31merror:'))
  assert.equal(stripVTControlCharacters(dressed.stderr), plain.stderr)
})

test('an unknown word exits 2 through the process too', async () => {
  assert.equal((await finished(start(['tokn']))).code, 2)
})

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const) {
  test(`the emulator prints one JSON line when ready, and ${signal} ends it cleanly`, {
    skip: process.platform === 'win32' && 'Windows has no signals',
  }, async () => {
    const child = start(['emulator', '--port', '0', '--json'])
    const ended = once(child, 'exit')
    const [line] = await once(createInterface({ input: child.stdout }), 'line')
    const { url, caPath } = JSON.parse(line)
    assert.match(url, /^https:\/\/localhost:\d+$/)
    assert.ok(existsSync(caPath))
    assert.equal(statSync(join(caPath, '..', 'ca-key.pem')).mode & 0o777, 0o600)
    child.kill(signal)
    assert.deepEqual(await ended, [code, null])
  })
}

test('a reader that closes early is no failure', async () => {
  const child = start(['--help'])
  child.stdout.destroy()
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
})

const withPipes = { skip: process.platform === 'win32' && 'Windows has no such pipes' }

/** A pipe into which `content` is written once, if it is opened at all. */
function pipe(name: string, content?: string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  execFileSync('mkfifo', [path])
  if (content !== undefined) {
    const writer = spawn('sh', ['-c', 'printf %s "$0" > "$1"', content, path])
    after(() => writer.kill())
  }
  return path
}

for (const name of ['x5t.json', 'nodeconfig.json', 'config/x5t/config.json']) {
  test(`a pipe in the place of ${name} is refused, and its writer not waited for`, withPipes, async () => {
    const path = pipe(name)
    const { code, stderr } = await finished(
      start(['config', 'show'], { XDG_CONFIG_HOME: join(folder, 'config') }),
    )
    rmSync(path)
    assert.deepEqual([code, stderr], [3, `x5t: error: ${path} is no file\nERR_CONFIG_INVALID\n`])
  })
}

test('a configuration that is named may come through a pipe, and so may .env', withPipes, async () => {
  const named = pipe('named', '{"profiles":{"default":{"clientId":"from-the-pipe"}}}')
  const env = pipe('.env', 'X5T_TENANT=contoso.example')
  const { code, stdout, stderr } = await finished(start(['config', 'show'], { X5T_CONFIG: named }))
  for (const path of [named, env]) rmSync(path)
  assert.equal(code, 0, stderr)
  assert.match(stdout, /contoso\.example +X5T_TENANT in \.env/)
  assert.match(stdout, /from-the-pipe +clientId of profile default/)
})
