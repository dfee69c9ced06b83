import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { dirname, join } from 'node:path'
import { after, afterEach, type MockTracker, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createStage } from '../support/stage.ts'

const stage = createStage()
afterEach(() => stage.empty())
after(() => stage.remove())

const stored = () => JSON.parse(readFileSync(stage.userConfig, 'utf8'))

test('config set writes the user’s file, and a second run changes no byte of it', async () => {
  const first = await stage.x5t(['config', 'set', 'tenant', 'contoso.onmicrosoft.com'])
  assert.deepEqual(first, {
    code: 0,
    stdout: `wrote ${stage.userConfig}: tenant = contoso.onmicrosoft.com in profile default\n`,
    stderr: 'next: x5t config show\n',
  })
  const before = statSync(stage.userConfig, { bigint: true })
  const second = await stage.x5t(['config', 'set', 'tenant', 'contoso.onmicrosoft.com'])
  assert.match(second.stdout, /^unchanged /)
  const now = statSync(stage.userConfig, { bigint: true })
  assert.deepEqual([now.ino, now.mtimeNs], [before.ino, before.mtimeNs])
  assert.deepEqual(readdirSync(dirname(stage.userConfig)), ['config.json'])
})

for (const argv of [
  ['config', 'show'],
  ['config', 'show', '--debug'],
  ['explain', 'AADSTS700027'],
  ['doctor'],
]) {
  test(`a hostile configuration cannot draw on the terminal of x5t ${argv.join(' ')}`, async () => {
    const profiles = { 'a\u001b[2J\u009b1m': { nonsense: '', tenant: '' } }
    stage.write('x5t.json', JSON.stringify({ profiles, 'b\u202e': 1 }))
    const { stdout, stderr } = await stage.x5t(argv)
    assert.match(stdout + stderr, /unknown member "nonsense" in profile a.\[2J/)
    assert.doesNotMatch(stdout + stderr, /(?!\n)\p{C}/u)
  })
}

test('values that a hostile configuration sets cannot draw on the terminal either', async () => {
  const profiles = { default: { tenant: 'x\u001b[2J', clientId: 'y\u202e' } }
  stage.write('x5t.json', JSON.stringify({ profiles }))
  for (const argv of [['explain', 'AADSTS700027'], ['config', 'show'], ['doctor']]) {
    const { stdout, stderr } = await stage.x5t(argv)
    assert.doesNotMatch(stdout + stderr, /(?!\n)\p{C}/u, argv.join(' '))
  }
})

for (const [name, text] of [
  ['x5t.json', '{}'],
  ['.env', 'A=b'],
  ['nodeconfig.json', '{}'],
] as const) {
  test(`${name} is not read beyond 1 MiB`, async () => {
    stage.write(name, text + ' '.repeat(1_048_577))
    const { code, stderr } = await stage.x5t(['config', 'show'])
    assert.equal(code, 3)
    assert.match(stderr, new RegExp(`${name} is longer than 1 MiB\\nERR_CONFIG_INVALID\\n$`))
  })
}

test('config set keeps paths so that they hold from elsewhere, and takes an option’s name too', async () => {
  await stage.x5t(['config', 'set', 'cert', 'keys/a.crt', '--profile', 'work'])
  assert.deepEqual(stored(), { profiles: { work: { certificate: join(stage.folder, 'keys/a.crt') } } })
  await stage.x5t(['config', 'set', 'certificate', 'keys/a.crt', '--project'])
  await stage.x5t(['config', 'set', 'key', '../a.key', '--project'])
  const { certificate, key } = JSON.parse(stage.read('x5t.json')).profiles.default
  assert.deepEqual([certificate, key], ['keys/a.crt', join(stage.folder, '..', 'a.key')])
  await stage.x5t(['config', 'set', 'key', '--unset', '--project'])
  assert.deepEqual(JSON.parse(stage.read('x5t.json')).profiles.default, {
    certificate: 'keys/a.crt',
  })
})

test('a path that goes with the project has slashes, on Windows too', async () => {
  const argv = ['config', 'set', 'cert', 'keys\\a.crt', '--project']
  for (const [platform, kept] of [
    ['win32', 'keys/a.crt'],
    ...(process.platform === 'win32' ? [] : [['linux', 'keys\\a.crt'] as const]), // a name may hold a backslash there
  ] as const) {
    assert.equal((await stage.x5t(argv, { platform })).code, 0)
    assert.equal(JSON.parse(stage.read('x5t.json')).profiles.default.certificate, kept)
  }
})

test('config set makes the file that X5T_CONFIG names, and no other', async () => {
  const env = { ...stage.env, X5T_CONFIG: 'deep/own.json' }
  assert.equal((await stage.x5t(['config', 'set', 'tenant', 'a.example'], { env })).code, 0)
  assert.deepEqual(JSON.parse(stage.read('deep/own.json')), {
    profiles: { default: { tenant: 'a.example' } },
  })
  assert.ok(!existsSync(stage.userConfig))
})

test('a configuration that is a link stays one, and one that is closed to others stays closed', {
  skip: process.platform === 'win32' && 'no modes',
}, async () => {
  stage.write('dotfile.json', '{}')
  mkdirSync(dirname(stage.userConfig), { recursive: true })
  symlinkSync(join(stage.folder, 'dotfile.json'), stage.userConfig)
  assert.equal((await stage.x5t(['config', 'set', 'tenant', 'a.example'])).code, 0)
  assert.ok(lstatSync(stage.userConfig).isSymbolicLink())
  assert.deepEqual(JSON.parse(stage.read('dotfile.json')), { profiles: { default: { tenant: 'a.example' } } })
  assert.equal(statSync(join(stage.folder, 'dotfile.json')).mode & 0o777, 0o600)
})

const refused: [argv: string[], stderr: RegExp][] = [
  [['passphrase', 'geheim'], /passphrase is refused: no secret[\s\S]*--passphrase-file/],
  [['clientSecret', 'geheim'], /clientSecret is refused/],
  [['tennant', 'geheim'], /there is no setting "tennant"\n {2}hint: did you mean: tenant/],
  [['authority', 'http://login.microsoftonline.com'], /takes an https origin, or http to this machine/],
  [['key', '-----BEGIN PRIVATE KEY----- geheim'], /error: unknown option\n/],
  [['key', ' -----BEGIN PRIVATE KEY----- geheim'], /key takes the path of a file, not its content/],
  [['tenant'], /VALUE is missing; --unset removes one/],
  [['tenant', 'x', '--profile', '../x'], /a profile is named by letters/],
  [['tenant', 'x', '--profile=-x'], /a profile begins with no dash/],
]
for (const [argv, stderr] of refused) {
  test(`config set ${argv[0]} is refused where it must be, without its value: ${stderr}`, async () => {
    const result = await stage.x5t(['config', 'set', ...argv])
    assert.equal(result.code, 2)
    assert.match(result.stderr, stderr)
    assert.ok(!result.stderr.includes('geheim'))
    assert.ok(!existsSync(stage.userConfig))
  })
}

test('config set refuses a tenant that is none, and warns of a client id that only AD FS has', async () => {
  const tenant = await stage.x5t(['config', 'set', 'tenant', 'bad tenant'])
  assert.equal(tenant.code, 3)
  assert.match(
    tenant.stderr,
    /tenant 'bad tenant' is neither a GUID nor a domain name\nERR_TENANT_INVALID\n$/,
  )
  assert.ok(!existsSync(stage.userConfig))
  const { code, stderr } = await stage.x5t(['config', 'set', 'clientId', 'foo'])
  assert.equal(code, 0)
  assert.match(stderr, /^x5t: warning: client id "foo" is no GUID; AD FS alone takes others\n/)
})

test('config set does not touch a file that it does not understand', async () => {
  stage.writeUserConfig('{"profiles":{"default":{"tennant":"x"}}}')
  const { code, stderr } = await stage.x5t(['config', 'set', 'tenant', 'a.example'])
  assert.equal(code, 3)
  assert.match(stderr, /unknown member "tennant"/)
  assert.equal(readFileSync(stage.userConfig, 'utf8'), '{"profiles":{"default":{"tennant":"x"}}}')
})

test('config show names the place of every value and no secret', async () => {
  stage.writeUserConfig('{"profile":"work","profiles":{"work":{"tenant":"contoso.onmicrosoft.com"}}}')
  const env = { ...stage.env, X5T_PASSPHRASE: 'geheim', X5T_KEY: 'sehr geheim', AZURE_CLIENT_ID: 'abc' }
  const text = await stage.x5t(['config', 'show', '--scope', 'api://cars/.default'], { env })
  assert.equal(text.code, 0)
  const squeezed = text.stdout.replace(/ {2,}/g, '  ')
  assert.match(
    squeezed,
    /^profile {2}work {2}profile in .*config\.json\ntenant {2}contoso\.onmicrosoft\.com {2}tenant of profile work in /,
  )
  assert.match(squeezed, /\nclientId {2}abc {2}AZURE_CLIENT_ID\ncertificate {2}-\n/)
  assert.match(squeezed, /\nscope {2}api:\/\/cars\/\.default {2}--scope\n/)
  assert.match(
    squeezed,
    /\nkey text {2}\(not shown\) {2}X5T_KEY\npassphrase {2}\(not shown\) {2}X5T_PASSPHRASE\n/,
  )
  assert.ok(!text.stdout.includes('geheim'))
  assert.equal(text.stderr, 'next: x5t token\n')
  const json = await stage.x5t(['config', 'show', '--json'], { env })
  const { settings, passphrase, files } = JSON.parse(json.stdout)
  assert.deepEqual(settings.clientId, { value: 'abc', from: 'AZURE_CLIENT_ID', source: 'environment' })
  assert.deepEqual(passphrase, { from: 'X5T_PASSPHRASE' })
  assert.deepEqual(
    files.map(({ kind, exists }: { kind: string; exists: boolean }) => [kind, exists]),
    [
      ['project', false],
      ['user', true],
    ],
  )
})

test('config use chooses among the profiles there are, and list marks it', async () => {
  stage.writeUserConfig('{"profiles":{"work":{},"home":{}}}')
  assert.equal((await stage.x5t(['config', 'use', 'home'])).code, 0)
  assert.equal(stored().profile, 'home')
  const { stdout } = await stage.x5t(['config', 'list'])
  assert.equal(stdout, `* home  ${stage.userConfig}\n  work  ${stage.userConfig}\n`)
  const wrong = await stage.x5t(['config', 'use', 'wrok'])
  assert.equal(wrong.code, 3)
  assert.match(wrong.stderr, /no profile "wrok"\n {2}hint: did you mean: work/)
  stage.write('x5t.json', '{"profile":"work"}')
  assert.match(
    (await stage.x5t(['config', 'use', 'home'])).stderr,
    /x5t\.json names a profile too and goes before/,
  )
})

test('config use --project goes before the user’s file, and does not warn of it', async () => {
  stage.writeUserConfig('{"profile":"home","profiles":{"work":{},"home":{}}}')
  const { code, stderr } = await stage.x5t(['config', 'use', 'work', '--project'])
  assert.deepEqual([code, stderr], [0, 'next: x5t config show\n'])
  assert.match((await stage.x5t(['config', 'show'])).stdout, /^profile +work +profile in \S+x5t\.json\n/)
})

test('config path prints every place', async () => {
  const { places } = JSON.parse((await stage.x5t(['config', 'path', '--json'])).stdout)
  const found = places.map(({ what, path }: { what: string; path: string }) => [what, path])
  assert.deepEqual(found, [
    ['project config', join(stage.folder, 'x5t.json')],
    ['user config', stage.userConfig],
    ['keys and certificates', join(stage.env.XDG_DATA_HOME, 'x5t')],
    ['remembered tokens', join(stage.env.XDG_CACHE_HOME, 'x5t')],
    ['running emulators', join(stage.env.XDG_STATE_HOME, 'x5t')],
  ])
})

/**
 * Lets a change do so many of its steps on the disk. The next one does not come back, as none does after a kill; of a
 * write half is done.
 *
 * @returns Resolves when that step is reached.
 */
async function endAfter(steps: number, mock: MockTracker): Promise<{ reached: Promise<void> }> {
  const probe = await files.open(stage.folder)
  const handle = Object.getPrototypeOf(probe)
  await probe.close()
  let done = 0
  const reached = new Promise<void>((resolve) => {
    const count = (object: object, name: string) => {
      const step = Reflect.get(object, name)
      const counted = async function (this: unknown, ...parameters: unknown[]) {
        if (done++ < steps) return step.apply(this, parameters)
        if (name === 'writeFile') await step.call(this, String(parameters[0]).slice(0, 20))
        resolve()
        return new Promise(() => {})
      }
      mock.method(object, name as never, counted as never) // of the name asked for
    }
    for (const name of ['mkdir', 'realpath', 'stat', 'open', 'lstat', 'rename', 'rm']) count(files, name)
    for (const name of ['writeFile', 'sync']) count(handle, name)
  })
  syncBuiltinESMExports()
  return { reached }
}

test('stopped at any of its steps, a change leaves the old file or the new one, and can be made again', async (t) => {
  const change = (tenant: string) => stage.x5t(['config', 'set', 'tenant', tenant])
  const tenant = () => stored().profiles.default.tenant
  const left = []
  for (let steps = 0, ended = false; !ended; steps++) {
    stage.empty()
    await change('old.example')
    const { reached } = await endAfter(steps, t.mock)
    ended = await Promise.race([reached.then(() => false), change('new.example').then(() => true)])
    t.mock.restoreAll()
    syncBuiltinESMExports()
    left.push(tenant())
    assert.equal((await change('newer.example')).code, 0)
    assert.equal(tenant(), 'newer.example')
  }
  // mkdir, realpath, stat, open, write, sync, lstat, rename, rm: a rename shows, and nothing before it
  assert.deepEqual(left, [...Array(8).fill('old.example'), 'new.example', 'new.example'])
})

test('killed at any moment, a change leaves the old file or the new one', {
  skip: process.platform === 'win32' && 'Windows has no kill -9',
}, async () => {
  const path = join(stage.folder, 'x5t.json')
  const module = new URL('../../src/config/change-config.ts', import.meta.url).href
  const script = `
    const { changeConfig, withSettings } = await import(${JSON.stringify(module)})
    const target = { path: ${JSON.stringify(path)}, kind: 'project' }
    for (let n = 0; ; n++) {
      await changeConfig(target, (content) => withSettings(content, 'default', { tenant: 'x'.repeat(n % 4_000 + 1) }))
      if (n === 0) process.stdout.write('writes')
    }`
  const argv = ['--import', './scripts/typescript.js', '--input-type=module', '-e']
  const kills = Number(process.env.KILLS ?? 12) // .ci/run takes the time for more
  for (let kill = 0; kill < kills; kill++) {
    const child = spawn(process.execPath, [...argv, script], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await once(child.stdout, 'data')
      await pause(Math.random() * 20)
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    assert.match(JSON.parse(readFileSync(path, 'utf8')).profiles.default.tenant, /^x+$/)
  }
})
