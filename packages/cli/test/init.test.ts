import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { demo, type Emulator, startEmulator } from '@x5t/emulator'
import { writeRunFile } from '../src/emulator/run-file.ts'
import { createStage } from './support/stage.ts'
import './init-beside-others.ts'
import './init-by-graph.ts'
import './init-in-git.ts'

const stage = createStage()
let entra: Emulator
before(async () => {
  entra = await startEmulator({ http: true })
})
after(async () => {
  await entra.stop()
  stage.remove()
})
afterEach(() => {
  entra.reset()
  stage.empty()
})

const windows = process.platform === 'win32'
const open = ['--unencrypted-key', '--insecure']
const named = ['--tenant', 'contoso.onmicrosoft.com', '--client-id', demo.appId]
const folder = join(stage.env.XDG_DATA_HOME, 'x5t', 'default')
const keyPath = join(folder, 'default.key')
const certificatePath = join(folder, 'default.crt')
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)

async function emulatorRuns(): Promise<void> {
  const { url, port, tenantId } = entra
  await writeRunFile(stage.io(), { url, port, tenantId, appId: demo.appId, pid: process.pid })
}

function everything(path: string): [string, string | bigint][] {
  return readdirSync(path, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .flatMap((file): [string, string | bigint][] => [
      [file, readFileSync(file, 'utf8')],
      [file, statSync(file, { bigint: true }).mtimeNs],
    ])
}

test('it makes key, certificate and configuration, says how to upload, and what comes next', async () => {
  const { code, stdout, stderr } = await stage.x5t(['init', ...named, ...open])
  assert.equal(code, 0, stderr)
  assert.match(
    stdout,
    /^wrote \S+default\.key \(0600\), \S+default\.crt, valid until \d{4}-\d\d-\d\d\nwrote \S+config\.json: profile default\n$/,
  )
  const x509 = new X509Certificate(readFileSync(certificatePath))
  assert.ok(x509.checkPrivateKey(createPrivateKey(readFileSync(keyPath))))
  assert.deepEqual(JSON.parse(readFileSync(stage.userConfig, 'utf8')), {
    profiles: {
      default: {
        tenant: 'contoso.onmicrosoft.com',
        clientId: demo.appId,
        certificate: certificatePath,
        key: keyPath,
        authority: 'https://login.microsoftonline.com',
      },
    },
  })
  const thumbprint = x509.fingerprint.replaceAll(':', '')
  const lines = stderr.split('\n')
  assert.ok(lines.includes(`thumbprint ${thumbprint}, as the portal shows it`))
  assert.ok(
    lines.includes(
      `  portal  https://portal.azure.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Credentials/appId/${demo.appId}`,
    ),
  )
  assert.ok(
    lines.includes(
      `  az      az ad app credential reset --id ${demo.appId} --cert @${certificatePath} --append`,
    ),
  )
  assert.match(stderr, /\n {2}Graph {3}PATCH https:\/\/graph\.microsoft\.com\/v1\.0\/applications\(appId='/)
  assert.equal(lines.at(-2), 'next: x5t token --wait 5m')
})

test('a profile for the real service stays one where the environment has come to name another', async () => {
  await stage.x5t(['init', '--profile', 'prod', ...named, ...open])
  const env = { ...stage.env, X5T_AUTHORITY: 'https://localhost:8443' }
  const { stdout } = await stage.x5t(['config', 'show', '--profile', 'prod', '--json'], { env })
  const { authority } = JSON.parse(stdout).settings
  assert.equal(authority.value, 'https://login.microsoftonline.com', stdout)
})

test('a profile for the real service leaves the emulator that runs, or does not, to be found', async () => {
  await stage.x5t(['init', ...named, ...open])
  const none = await stage.x5t(['cert', 'show'])
  assert.deepEqual([none.code, none.stderr], [0, ''])
  await emulatorRuns()
  const status = await stage.x5t(['emulator', 'status'])
  assert.deepEqual([status.code, status.stdout.startsWith(entra.url)], [0, true], status.stderr)
  const shown = await stage.x5t(['cert', 'show'])
  assert.deepEqual([shown.code, shown.stderr], [0, ''])
  assert.match(shown.stdout, /key id {6}not registered with the emulator\n$/)
})

test('whatever the umask, the key is 0600, its folder 0700', { skip: windows && 'no modes' }, async () => {
  const umask = process.umask(0)
  try {
    assert.equal((await stage.x5t(['init', ...named, ...open])).code, 0)
  } finally {
    process.umask(umask)
  }
  assert.deepEqual([keyPath, folder, dirname(folder), certificatePath].map(mode), [
    '600',
    '700',
    '700',
    '644',
  ])
})

test('a second run changes no byte, exits 3 and names --force; --force and another profile go on', async () => {
  await stage.x5t(['init', ...named, ...open])
  const before = everything(dirname(stage.folder))
  const again = await stage.x5t(['init', ...named, ...open])
  assert.deepEqual([again.code, again.stdout], [3, ''])
  assert.match(again.stderr, /default\.key and \S+default\.crt exist\n {2}hint: nothing was written; --force/)
  assert.deepEqual(everything(dirname(stage.folder)), before)
  const other = await stage.x5t(['init', '--profile', 'work', ...named, ...open])
  assert.equal(other.code, 0)
  assert.match(other.stderr, /next: x5t token --profile work --wait 5m\n$/)
  const key = readFileSync(keyPath, 'utf8')
  assert.equal((await stage.x5t(['init', ...named, ...open, '--force'])).code, 0)
  assert.notEqual(readFileSync(keyPath, 'utf8'), key)
})

test('a profile is no path and no option', async () => {
  for (const name of ['../x', '.hidden', '__proto__', 'a/b', '-x']) {
    const { code, stderr } = await stage.x5t(['init', `--profile=${name}`, ...named, ...open])
    assert.equal(code, 2)
    assert.match(stderr, /a profile (is named by letters|begins with no dash)/)
  }
  assert.deepEqual(everything(dirname(stage.folder)), [])
})

test('a tenant that is none is refused before anything is written', async () => {
  const { code, stderr } = await stage.x5t(['init', '--tenant', 'common', '--client-id', demo.appId, ...open])
  assert.equal(code, 3)
  assert.match(stderr, /names no directory[\s\S]*ERR_TENANT_INVALID/)
  assert.deepEqual(everything(dirname(stage.folder)), [])
})

test('a profile that exists is not replaced, even without a key of ours', async () => {
  stage.writeUserConfig('{"profiles":{"default":{"certificate":"/etc/own.pem"}}}')
  const { code, stderr } = await stage.x5t(['init', ...named, ...open])
  assert.equal(code, 3)
  assert.match(
    stderr,
    /profile default exists in \S+config\.json\n {2}hint: nothing was written; --force replaces it/,
  )
  assert.ok(!existsSync(keyPath))
})

test('without a person to ask, everything that is missing is named, and nothing is written', async () => {
  const { code, stderr } = await stage.x5t(['init'])
  assert.equal(code, 2)
  assert.match(stderr, /--tenant is missing\n.*--client-id is missing\n[\s\S]*x5t init --emulator/)
  const locked = await stage.x5t(['init', ...named])
  assert.equal(locked.code, 2)
  assert.match(locked.stderr, /no passphrase for the key[\s\S]*--unencrypted-key --insecure/)
  assert.deepEqual(everything(dirname(stage.folder)), [])
})

test('a person is asked for what is missing, and the key is encrypted with what was typed', async () => {
  const answers = ['contoso.onmicrosoft.com', demo.appId, 'geheim', 'geheim']
  const asked: string[] = []
  const terminal = {
    ask: async (question: string) => {
      asked.push(question)
      return answers.shift() ?? ''
    },
    stdin: Object.assign(stage.io().stdin, { isTTY: true }),
    env: stage.env,
  }
  const typed = await stage.x5t(['init'], { ...terminal, stdoutIsTTY: true })
  assert.equal(typed.code, 0, typed.stderr)
  assert.deepEqual(
    asked.map((question) => question.split(' ')[0]),
    ['Tenant,', 'Application', 'Passphrase', 'The'],
  )
  assert.ok(createPrivateKey({ key: readFileSync(keyPath), passphrase: 'geheim' }))
  assert.ok(!(typed.stdout + typed.stderr).includes('geheim'))
})

test('at a running emulator it registers by itself, and the next command gets a token', async () => {
  await emulatorRuns()
  const { code, stderr } = await stage.x5t(['init', '--emulator', ...open])
  assert.equal(code, 0, stderr)
  assert.match(stderr, /registered with app \S+ of the emulator, key id [0-9a-f-]{36}\nnext: x5t token\n$/)
  const token = await stage.x5t(['token'])
  assert.equal(token.code, 0, token.stderr)
  const verified = await stage.x5t(['verify', '--any-client'], { input: token.stdout })
  assert.equal(verified.code, 0, verified.stderr)
})

test('on the second day, with an emulator that has forgotten, the hints lead to a token as well', async () => {
  await emulatorRuns()
  await stage.x5t(['init', '--emulator', ...open])
  entra.reset()
  const { code, stderr } = await stage.x5t(['init', '--emulator', ...open])
  assert.equal(code, 3)
  assert.match(stderr, /hint: nothing was written; --force replaces them, --profile NAME makes another\n/)
  const [, hint = ''] = /hint: or register the one that is there: x5t (.*)\n/.exec(stderr) ?? []
  assert.equal((await stage.x5t(hint.split(' '))).code, 0, stderr)
  assert.equal((await stage.x5t(['token', '--no-cache'])).code, 0)
  const real = await stage.x5t(['init', ...named, ...open])
  assert.match(real.stderr, /--profile NAME makes another\nERR_FILE_EXISTS\n$/)
})

test('an emulator that has gone is an error before anything is written', async () => {
  const gone = await startEmulator({ http: true })
  await gone.stop()
  const { code, stderr } = await stage.x5t(['init', ...named, ...open, '--authority', gone.url])
  assert.equal(code, 5)
  assert.match(stderr, /does not answer[\s\S]*start it with: x5t emulator/)
  assert.deepEqual(everything(dirname(stage.folder)), [])
})

test('an app that the emulator has not is an error that says what was written, and what to do', async () => {
  const argv = [
    'init',
    '--tenant',
    demo.tenantId,
    '--client-id',
    demo.tenantId,
    '--authority',
    entra.url,
    ...open,
  ]
  const { code, stderr } = await stage.x5t(argv)
  assert.equal(code, 4)
  assert.match(stderr, /no app [\s\S]*key, certificate and configuration are written[\s\S]*emulator cert add/)
  assert.ok(existsSync(keyPath))
})

test('without a home folder, or in one that cannot be written, it says so and how to go on', async () => {
  const homeFolder = () => {
    throw new Error('no home')
  }
  const homeless = await stage.x5t(['init', ...named, ...open, '--project'], { env: {}, homeFolder })
  assert.equal(homeless.code, 0, homeless.stderr)
  const user = await stage.x5t(['init', ...named, ...open], { env: {}, homeFolder })
  assert.equal(user.code, 3)
  assert.match(user.stderr, /no home folder[\s\S]*--project/)
  const empty = await stage.x5t(['init', ...named, ...open], { env: {}, homeFolder: () => '' })
  assert.equal(empty.code, 3)
  assert.match(empty.stderr, /no home folder[\s\S]*--project/)
  stage.write('file', '')
  const env = { ...stage.env, XDG_DATA_HOME: join(stage.folder, 'file') }
  const closed = await stage.x5t(['init', ...named, ...open], { env })
  assert.equal(closed.code, 3)
  assert.match(closed.stderr, /cannot be written[\s\S]*ERR_FILE_UNWRITABLE/)
})
