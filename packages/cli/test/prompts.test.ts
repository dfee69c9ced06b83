import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, afterEach, before, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { demo, type Emulator, startEmulator } from '@x5t/emulator'
import { generateCertificate } from 'x5t'
import { createStage } from './support/stage.ts'

/** On a pseudo-terminal, which `script` of bsdutils gives. */
const stage = createStage()
const skip = !existsSync('/usr/bin/script') && 'no script: apt-get install bsdutils'
const bin = join(import.meta.dirname, '..', 'bin', 'x5t.js')
const keyPath = join(stage.env.XDG_DATA_HOME, 'x5t', 'default', 'default.key')
let entra: Emulator
let pair: { certificatePem: string; privateKeyPem: string }
before(async () => {
  entra = await startEmulator({ http: true })
  pair = await generateCertificate({ commonName: 'app' })
  entra.addCertificate({ appId: demo.appId, certificate: pair.certificatePem })
})
after(async () => {
  await entra.stop()
  stage.remove()
})
afterEach(() => stage.empty())

const environment = (extra: Record<string, string> = {}) => ({
  PATH: process.env.PATH,
  HOME: stage.folder,
  TERM: 'dumb',
  ...stage.env,
  ...extra,
})
const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ')

/** @param typed - Answers, each typed once its question has come. */
async function onTerminal(
  command: string,
  typed: readonly [question: RegExp, answer: string][],
  env = environment(),
) {
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: stage.folder,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const waiting = [...typed]
  let screen = ''
  let seen = 0
  child.stdout.setEncoding('utf8').on('data', (shown: string) => {
    screen += shown
    const [question, answer] = waiting[0] ?? []
    if (question?.test(screen.slice(seen)) !== true) return
    seen = screen.length
    waiting.shift()
    child.stdin.write(answer)
  })
  const [code] = await ended
  child.stdin.destroy()
  assert.deepEqual(waiting, [], screen)
  return { code, screen: stripVTControlCharacters(screen).replaceAll('\r', '') }
}

test('init asks a person, and what is typed as a passphrase does not appear', {
  skip,
  timeout: 60_000,
}, async () => {
  const { code, screen } = await onTerminal(quoted([process.execPath, bin, 'init']), [
    [/Tenant, GUID or domain \(--tenant\): $/, 'contoso.onmicrosoft.com\r'],
    [/Application \(client\) id \(--client-id\): $/, `${demo.appId}\r`],
    [/Passphrase .*: $/, 'gehei🔑\u007fm\r'],
    [/The same again: $/, 'geheim\r'],
  ])
  assert.equal(code, 0, screen)
  assert.ok(!screen.includes('gehei'), screen)
  assert.match(screen, /\nnext: x5t token --wait 5m\n$/)
  assert.ok(createPrivateKey({ key: readFileSync(keyPath), passphrase: 'geheim' }))
})

test('the name of a file is text in a question too', { skip, timeout: 60_000 }, async () => {
  settings()
  const name = '\u001b[31mlocked.pem'
  stage.write(name, readFileSync(join(stage.folder, 'app.pem'), 'utf8'))
  const { code, screen } = await onTerminal(quoted([process.execPath, bin, 'cert', 'test', name]), [
    [/Passphrase .*: $/, 'geheim\r'],
  ])
  assert.equal(code, 0, screen)
  assert.match(screen, /\(\uFFFD\[31mlocked\.pem;/)
})

test('Ctrl-C at a question ends with 130 and writes nothing', { skip, timeout: 60_000 }, async () => {
  const { code, screen } = await onTerminal(
    quoted([process.execPath, bin, 'init', '--tenant', 'a.example', '--client-id', 'b']),
    [[/Passphrase .*: $/, '\u0003']],
  )
  assert.equal(code, 130, screen)
  assert.match(screen, /nothing was entered\nERR_INTERRUPTED\n$/)
  assert.ok(!existsSync(keyPath))
})

function settings(): void {
  const key = createPrivateKey(pair.privateKeyPem)
  const locked = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'geheim' })
  stage.write('app.pem', locked + pair.certificatePem)
  const scope = `api://${demo.carsAppId}/.default`
  const profile = {
    tenant: demo.tenantId,
    clientId: demo.appId,
    certificate: 'app.pem',
    authority: entra.url,
    scope,
  }
  stage.write('x5t.json', JSON.stringify({ profiles: { default: profile } }))
}

test('token asks for a passphrase; what it prints is the same with and without a terminal', {
  skip,
  timeout: 60_000,
}, async () => {
  settings()
  const asked = await onTerminal(quoted([process.execPath, bin, 'token', '--quiet']), [
    [/Passphrase .*: $/, 'geheim\r'],
  ])
  assert.equal(asked.code, 0, asked.screen)
  const child = spawn(process.execPath, [bin, 'token'], {
    cwd: stage.folder,
    env: environment({ X5T_PASSPHRASE: 'geheim' }),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const piped = await text(child.stdout)
  assert.match(piped, /^eyJ[\w.-]+\n$/)
  assert.ok(asked.screen.endsWith(`: \n${piped}`), 'the terminal shows other bytes')
})

/** Ends a command that waits for somebody. */
async function codeOf(child: ChildProcess): Promise<number | null> {
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
  const [code] = await once(child, 'exit')
  clearTimeout(timer)
  return code
}

const silent: [what: string, words: string[], code: number][] = [
  ['init', ['init'], 2],
  ['token with an encrypted key', ['token'], 3],
]
for (const [what, words, expected] of silent) {
  test(`${what} never waits for nobody: CI, --no-input, closed and silent stdin, a pipe`, {
    skip,
    timeout: 100_000,
  }, async () => {
    settings()
    const cwd = stage.folder
    const command = quoted([process.execPath, bin, ...words])
    const terminal = (line: string, env = environment()) =>
      spawn('script', ['-qec', line, '/dev/null'], { cwd, env, stdio: ['pipe', 'ignore', 'inherit'] })
    const children = [
      terminal(command, environment({ CI: '1' })),
      terminal(command, environment({ TF_BUILD: 'True' })),
      terminal(`${command} --no-input`),
      terminal(`${command} | cat; exit \${PIPESTATUS:-${expected}}`),
      spawn(process.execPath, [bin, ...words], {
        cwd,
        env: environment(),
        stdio: ['ignore', 'ignore', 'ignore'],
      }),
      spawn(process.execPath, [bin, ...words, '--no-input'], {
        cwd,
        env: environment(),
        stdio: ['pipe', 'ignore', 'ignore'],
      }),
      spawn(process.execPath, [bin, ...words], {
        cwd,
        env: environment(),
        stdio: ['pipe', 'ignore', 'ignore'],
      }),
    ]
    assert.deepEqual(
      await Promise.all(children.map(codeOf)),
      children.map(() => expected),
    )
    for (const child of children) child.stdin?.destroy()
  })
}
