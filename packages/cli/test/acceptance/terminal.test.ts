import assert from 'node:assert/strict'
import { type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { demo, type Emulator, startEmulator } from '@x5t/emulator'
import { generateCertificate } from 'x5t'
import { createStage } from '../support/stage.ts'

/** The process on a pseudo-terminal (`script` of util-linux) and beside one. */
const stage = createStage()
const bin = join(import.meta.dirname, '..', '..', 'bin', 'x5t.js')
const canary = 'canary 7~passphrase'
let entra: Emulator

before(async () => {
  const [emulator, plain, sealed] = await Promise.all([
    startEmulator({ http: true }),
    generateCertificate({ commonName: 'plain' }),
    generateCertificate({ commonName: 'sealed', passphrase: canary }),
  ])
  entra = emulator
  for (const { certificatePem } of [plain, sealed]) {
    entra.addCertificate({ appId: demo.appId, certificate: certificatePem })
  }
  stage.write('plain.pem', plain.privateKeyPem + plain.certificatePem)
  stage.write('sealed.pem', sealed.privateKeyPem + sealed.certificatePem)
  stage.write('passphrase', `${canary}\n`)
  const profile = {
    tenant: demo.tenantId,
    clientId: demo.appId,
    certificate: 'plain.pem',
    authority: entra.url,
  }
  const locked = { ...profile, certificate: 'sealed.pem' }
  stage.write('x5t.json', JSON.stringify({ profiles: { default: profile, locked } }))
})
after(async () => {
  await entra.stop()
  stage.remove()
})

const without = (program: string, debianPackage: string) =>
  spawnSync(program, ['--version']).error !== undefined && `no ${program}; apt-get install ${debianPackage}`
const noPty = process.platform === 'linux' ? without('script', 'bsdutils') : 'script has other options here'

const clean = {
  FORCE_COLOR: undefined,
  NO_COLOR: undefined,
  CI: undefined,
  TF_BUILD: undefined,
  BUILD_ID: undefined,
}
function environment(extra: Record<string, string> = {}) {
  return { ...process.env, ...clean, TERM: 'xterm', ...stage.env, HOME: stage.folder, ...extra }
}

interface Ended {
  readonly code: unknown
  /** What it wrote to file descriptor 3, where it has one. */
  readonly more: string
  readonly stdout: string
  readonly stderr: string
}

interface Options extends SpawnOptions {
  readonly input?: string
  /** Comes by file descriptor 3. */
  readonly handed?: string
}

async function finished(program: string, argv: readonly string[], options: Options): Promise<Ended> {
  const { input, handed, ...others } = options
  const child = spawn(program, argv, { cwd: stage.folder, ...others })
  const ended = once(child, 'exit')
  if (input !== undefined) child.stdin?.end(input)
  const third = child.stdio[3]
  if (handed !== undefined && third instanceof Writable) third.end(handed)
  const heard = handed === undefined && third instanceof Readable ? third : Readable.from([])
  const [stdout, stderr, more] = await Promise.all([
    text(child.stdout ?? Readable.from([])),
    text(child.stderr ?? Readable.from([])),
    text(heard),
  ])
  const [code] = await ended
  return { code, stdout, stderr, more }
}

function x5t(argv: readonly string[], options: Options = {}): Promise<Ended> {
  return finished(process.execPath, [bin, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(),
    ...options,
  })
}

/** stdin, stdout and stderr are one pseudo-terminal, unless the command line says otherwise. */
function onTerminal(commandLine: string, extra: Record<string, string> = {}): Promise<Ended> {
  const line = commandLine.replace(/^x5t/, `${process.execPath} ${bin}`)
  return finished('script', ['-qec', line, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment(extra),
  })
}

test('the bytes of the answer are the same on a terminal; stderr alone differs', {
  skip: noPty,
}, async () => {
  const piped = await x5t(['token'])
  assert.equal(piped.code, 0, piped.stderr)
  assert.match(piped.stdout, /^\S+\n$/)
  const shown = await onTerminal('x5t token 2>/dev/null')
  assert.equal(shown.stdout.replaceAll('\r\n', '\n'), piped.stdout)
})

test('colour is for terminals, and for those that want it', { skip: noPty }, async () => {
  const failing = 'x5t token --scop x'
  const colourful = await onTerminal(failing)
  assert.ok(colourful.stdout.includes('\u001b[31merror:'))
  for (const extra of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
    const { stdout } = await onTerminal(failing, extra)
    assert.ok(!stdout.includes('\u001b'), JSON.stringify(extra))
    assert.match(stdout, /error: unknown option --scop/)
  }
  assert.ok(!(await x5t(['token', '--scop', 'x'])).stderr.includes('\u001b'))
})

/** What would ask, or wait for input, where it may. */
const curious = [
  ['token', '--profile', 'locked', '--no-cache'],
  ['init'],
  ['cert', 'new', '--name', 'n'],
  ['decode'],
]
interface Surroundings {
  readonly env?: NodeJS.ProcessEnv
  readonly stdio?: readonly ('pipe' | 'ignore')[]
}
const silent: [what: string, options: Surroundings, more: string[]][] = [
  ['with CI set and stdin closed', { env: environment({ CI: '1' }) }, []],
  ['with stdin open and silent, and --no-input', { stdio: ['pipe', 'pipe', 'pipe'] }, ['--no-input']],
]
/** At its end a process says how many milliseconds its event loop had nothing to do but wait. */
const idling = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs'
  import { performance } from 'node:perf_hooks'
  process.once('exit', () => writeSync(3, String(performance.eventLoopUtilization().idle)))
`)}`

for (const [what, options, more] of silent) {
  test(`nothing waits ${what}`, async () => {
    for (const argv of curious) {
      const words = ['--import', idling, bin, ...argv, ...more]
      const { env = environment(), stdio } = options
      const streams = [...(stdio ?? ['ignore', 'pipe', 'pipe']), 'pipe' as const]
      // What reads without the event loop would wait until it is killed.
      const ended = await finished(process.execPath, words, { env, stdio: streams, timeout: 20_000 })
      const { code, stdout, stderr, more: idle } = ended
      assert.match(idle, /^[\d.]+$/, `${argv}: ${code} ${stderr}`)
      assert.ok(Number(idle) < 2_000, `${argv} waited ${idle} ms`)
      assert.ok(code === 2 || code === 3 || code === 6, `${argv}: ${code} ${stderr}`)
      assert.equal(stdout, '')
    }
  })
}

test('with a terminal for stdin and a pipe for stdout nothing is asked', { skip: noPty }, async () => {
  for (const argv of curious.slice(0, 3)) {
    const { code, stdout } = await onTerminal(`x5t ${argv.join(' ')} | cat; exit \${PIPESTATUS[0]}`, {
      SHELL: '/bin/bash',
    })
    assert.ok(code === 2 || code === 3, `${argv}: ${code} ${stdout}`)
    assert.match(stdout, /error:/)
  }
})

const ways: [what: string, argv: string[], options: Options][] = [
  ['a file', ['--passphrase-file', 'passphrase'], {}],
  ['standard input', ['--passphrase-stdin'], { stdio: ['pipe', 'pipe', 'pipe'], input: `${canary}\n` }],
  [
    'a file descriptor',
    ['--passphrase-fd', '3'],
    { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], handed: `${canary}\n` },
  ],
  ['a variable', [], { env: environment({ X5T_PASSPHRASE: canary }) }],
]
/** What Node writes when it dies, written as the process ends: it has read the passphrase by then. */
const reporting = `data:text/javascript,${encodeURIComponent("process.once('exit', () => process.report.writeReport('crash.json'))")}`

test('a passphrase is in no argument, no path, no output, no report of a crash and no file that was written', {
  skip: process.platform === 'linux' ? without('strace', 'strace') : 'strace is of Linux',
}, async () => {
  for (const [what, more, options] of ways) {
    const log = join(stage.folder, 'strace.log')
    const strace = [
      '-f',
      '-s',
      '4096',
      '-e',
      'trace=execve,openat,open,stat,lstat,newfstatat,statx,access,readlink,rename',
      '-o',
      log,
    ]
    const argv = [
      ...strace,
      process.execPath,
      '--import',
      reporting,
      bin,
      'token',
      '--profile',
      'locked',
      '--explain',
      '--no-cache',
      ...more,
    ]
    const { code, stdout, stderr } = await finished('strace', argv, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment(),
      ...options,
    })
    assert.equal(code, 0, `${what}: ${stderr}`)
    const traced = readFileSync(log, 'utf8')
    assert.ok(traced.includes('sealed.pem'), 'strace saw nothing')
    const crash = stage.read('crash.json')
    assert.ok(crash.includes('"commandLine"'))
    for (const place of [traced, stdout, stderr, crash]) assert.ok(!place.includes('canary'), what)
  }
  const files = readdirSync(join(stage.folder, '..'), { recursive: true, withFileTypes: true })
  for (const file of files.filter((entry) => entry.isFile() && entry.name !== 'passphrase')) {
    assert.ok(!readFileSync(join(file.parentPath, file.name), 'utf8').includes('canary'), file.name)
  }
})

/** Files that a process has loaded, by what V8 saw. */
function loadedBy(argv: readonly string[]): string[] {
  const folder = mkdtempSync(join(stage.folder, 'coverage-'))
  spawnSync(process.execPath, [bin, ...argv], { env: environment({ NODE_V8_COVERAGE: folder }) })
  const [name = ''] = readdirSync(folder)
  const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  const urls: string[] = result.map(({ url }: { url: string }) => url)
  return urls.filter((url) => url.startsWith('file:'))
}

// The start, the classes of errors, the command and the help: what else is loaded is time that help does not need.
test('help loads the command line, not what the command would need', () => {
  for (const command of ['init', 'doctor', 'call']) {
    const loaded = loadedBy([command, '--help'])
    assert.ok(loaded.length >= 4 && loaded.length <= 7, `x5t ${command} --help loads ${loaded.length} files`)
    assert.deepEqual(
      loaded.filter((url) => !/packages\/cli\/(bin|dist)\//.test(url) || /\/x5t-(?!errors)/.test(url)),
      [],
    )
  }
})
