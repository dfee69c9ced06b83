import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { demo, type Emulator, startEmulator } from '@x5t/emulator'
import { generateCertificate } from 'x5t'
import { writeRunFile } from '../src/emulator/run-file.ts'
import { createStage } from './support/stage.ts'
import './emulator-run-file.ts'

/** The commands that speak to a running emulator, as transcripts. */
const stage = createStage()
let entra: Emulator
let certificatePem: string
before(async () => {
  const started = await Promise.all([
    startEmulator({ http: true, now: () => Date.parse('2026-09-14T08:12:31Z') }),
    generateCertificate({ commonName: 'billing' }),
  ])
  entra = started[0]
  certificatePem = started[1].certificatePem
  stage.write('billing.crt', certificatePem)
})
after(async () => {
  await entra.stop()
  stage.remove()
})
beforeEach(() => {
  entra.reset()
  entra.weather.clear()
  entra.clock.reset()
})

const x5t = (...argv: string[]) => stage.x5t(['emulator', ...argv, '--url', entra.url])
async function answer(...argv: string[]) {
  const { code, stdout, stderr } = await x5t(...argv)
  assert.equal(code, 0, stderr)
  return stdout.trimEnd()
}

const appCount = () => entra.exportSeed().tenants[0]?.apps?.length

test('an app is added with certificate and role, listed, and granted a role', async () => {
  const appId = await answer('app', 'add', 'billing', '--cert', 'billing.crt', '--role', 'Bills.Read')
  assert.match(appId, /^[0-9a-f-]{36}$/)
  const [head, ...rows] = (await answer('app', 'list')).split('\n')
  assert.match(head ?? '', /^APP ID +TENANT +CERTIFICATES +NAME$/)
  assert.equal(rows.length, appCount())
  assert.match(rows.at(-1) ?? '', new RegExp(`^${appId} +${demo.tenantId} +1 +billing$`))

  const granted = await x5t('role', 'grant', 'Cars.Read', '--resource', demo.carsAppId, '--app', appId)
  assert.deepEqual([granted.code, granted.stdout], [0, ''])
  assert.equal(granted.stderr, `granted Cars.Read of ${demo.carsAppId} to app ${appId}\n`)
  const app = entra.exportSeed().tenants[0]?.apps?.find((one) => one.appId === appId)
  assert.deepEqual(app?.grants, [{ resourceAppId: demo.carsAppId, role: 'Cars.Read' }])
  const grant = ['emulator', 'role', 'grant', 'Cars.Read', '--resource', demo.carsAppId, '--url', entra.url]
  const own = await stage.x5t(grant, { env: { ...stage.env, X5T_CLIENT_ID: appId } })
  assert.match(own.stderr, /older than the grant\nnext: x5t token --no-cache\n$/)
})

test('what comes after an app is a command that works as it stands', async () => {
  const add = async (...argv: string[]) => (await x5t('app', 'add', ...argv)).stderr
  assert.equal(await add('cars'), '')
  stage.write('public.pem', certificatePem)
  assert.match(await add('cars'), /^next: x5t emulator cert add public\.pem --app \S+ --url http:\S+\n$/)
  rmSync(join(stage.folder, 'public.pem'))
  assert.equal(await add('cars', '--role', 'Cars.Read'), '')

  const { url, port, tenantId } = entra
  await writeRunFile(stage.io(), { url, port, tenantId, appId: demo.appId, pid: process.pid })
  const [said = ''] = /(?<=^next: x5t ).*/.exec(await add('trucks')) ?? []
  const { code, stderr } = await stage.x5t(said.split(' '))
  assert.deepEqual([said.slice(0, 27), code], ['init --emulator --client-id', 0], stderr)
  const env = { ...stage.env, X5T_CLIENT_ID: demo.appId }
  const api = await stage.x5t(['emulator', 'app', 'add', 'api', '--role', 'Do'], { env })
  const [grant = ''] = /(?<=^next: x5t ).*/.exec(api.stderr) ?? []
  assert.equal((await stage.x5t(grant.split(' '), { env })).code, 0, api.stderr)
  stage.empty()
  stage.write('billing.crt', certificatePem)
})

test('a certificate is added, listed and removed', async () => {
  const app = ['--app', demo.appId]
  const { keyId } = JSON.parse(await answer('cert', 'add', 'billing.crt', '--json', ...app))
  const [, row] = (await answer('cert', 'list', ...app)).split('\n')
  assert.match(row ?? '', new RegExp(`^${keyId} +[0-9A-F]{40} +2\\d{3}-[\\d-]+T[\\d:.]+Z +CN=billing$`))
  const removed = await x5t('cert', 'remove', keyId, ...app)
  assert.deepEqual(
    [removed.code, removed.stdout, removed.stderr],
    [0, '', `removed ${keyId} from app ${demo.appId}\n`],
  )
  assert.deepEqual(JSON.parse(await answer('cert', 'list', '--json', ...app)), { certificates: [] })
  assert.equal((await x5t('cert', 'remove', keyId, ...app)).code, 4)
})

test('weather is armed with what its kind takes, listed and cleared', async () => {
  assert.equal(await answer('weather', 'list'), 'nothing is armed')
  const added = await x5t('weather', 'add', 'throttling', '--count', '2', '--retry-after', '3')
  const [armed] = entra.weather.armed()
  assert.deepEqual(
    [added.code, added.stdout, added.stderr],
    [0, `${armed?.id}\n`, `next: x5t emulator weather clear ${armed?.id}\n`],
  )
  assert.ok(armed?.kind === 'throttling' && armed.retryAfterSeconds === 3 && armed.remaining === 2)
  await answer('weather', 'add', 'date-skew', '--seconds=-600', '--app', demo.appId, '--probability', '0.5')
  assert.deepEqual(
    (await answer('weather', 'list')).replaceAll(/ {2,}/g, '|').replaceAll(/w\d+/g, 'w').split('\n'),
    [
      'ID|KIND|HITS|LEFT|SCOPE',
      'w|throttling|0|2|all requests',
      `w|date-skew|0|until cleared|app ${demo.appId}, probability 0.5`,
    ],
  )
  await answer('weather', 'clear', armed?.id ?? '')
  assert.equal(entra.weather.armed().length, 1)
  await answer('weather', 'clear', '--all')
  assert.deepEqual(entra.weather.armed(), [])
})

test('the clock is shown, moved, set, frozen and reset', async () => {
  assert.equal(await answer('clock', 'show'), '2026-09-14T08:12:31.000Z')
  assert.equal(await answer('clock', 'advance', 'PT5M'), '2026-09-14T08:17:31.000Z, 300 s from the machine’s')
  assert.equal(
    await answer('clock', 'advance', '60', '--frozen'),
    '2026-09-14T08:18:31.000Z, 360 s from the machine’s, frozen',
  )
  assert.deepEqual(JSON.parse(await answer('clock', 'set', '2030-01-01T00:00:00Z', '--json')), {
    now: '2030-01-01T00:00:00.000Z',
    offsetSeconds: 104_082_449,
    frozen: true,
  })
  const back = await stage.x5t(['emulator', 'clock', 'advance', '--url', entra.url, '--', '-PT1H'])
  assert.match(back.stdout, /^2029-12-31T23:00:00/)
  assert.equal(await answer('clock', 'reset'), '2026-09-14T08:12:31.000Z')
})

test('the signing key rolls, and its name is printed', async () => {
  const [first, second] = [await answer('keys', 'roll'), await answer('keys', 'roll')]
  assert.match(first, /^[\w-]{27}$/)
  assert.notEqual(first, second)
})

test('status says what runs and what is armed', async () => {
  entra.weather.arm({ kind: 'latency' })
  const lines = (await answer('status')).split('\n')
  assert.deepEqual(lines.slice(0, 2), [
    `${entra.url} answers: 1 tenant, ${appCount()} apps`,
    'clock 2026-09-14T08:12:31.000Z',
  ])
  assert.match(lines[2] ?? '', /^weather w\d+ latency$/)
  const { url, tenants, apps, clock } = JSON.parse(await answer('status', '--json'))
  assert.deepEqual([url, tenants, apps, clock.frozen], [entra.url, 1, appCount(), false])
})

const refused: readonly [argv: string[], code: number, stderr: RegExp][] = [
  [['weather', 'add', 'hail'], 4, /refused: fault: kind: expected latency or throttling/],
  [['weather', 'add', 'latency', '--status', '503'], 4, /refused: fault: has no member "status"/],
  [['weather', 'add', 'latency', '--ms', 'long'], 2, /--ms takes a number/],
  [['weather', 'clear'], 2, /name one fault, or say --all/],
  [['weather', 'clear', 'w1', '--all'], 2, /name one fault, or say --all/],
  [['weather', 'clear', 'w9999'], 4, /refused: no fault w9999 is armed/],
  [['clock', 'advance', 'P1Y'], 4, /refused: clock: advance: expected seconds, or a duration/],
  [['clock', 'set', 'tomorrow'], 4, /refused: clock: set: expected a date/],
  [['app', 'add', 'x', '--app-id', demo.appId], 4, /refused: app: appId: .* registered already/],
  [['app', 'add', 'x', '--cert', 'nowhere.crt'], 3, /nowhere\.crt/],
  [['cert', 'remove', '..', '--app', demo.appId], 2, /\. and \.\. name nothing/],
  [['weather', 'clear', '.'], 2, /\. and \.\. name nothing/],
  [['stpo'], 2, /x5t emulator has no command "stpo"\n {2}hint: did you mean: x5t emulator stop/],
  [['cert', 'list', '--app', demo.tenantId], 4, /no app .* in the emulator/],
  [['cert', 'list'], 3, /which app\?/],
  [
    ['role', 'grant', 'Cars.Fly', '--resource', demo.carsAppId, '--app', demo.appId],
    4,
    /has no role Cars\.Fly/,
  ],
]
for (const [argv, code, stderr] of refused) {
  test(`x5t emulator ${argv.join(' ')} exits ${code} and says why`, async () => {
    const result = await x5t(...argv)
    assert.deepEqual([result.code, result.stdout], [code, ''], result.stderr)
    assert.match(result.stderr, stderr)
    assert.equal(appCount(), 3)
  })
}

const state = join(stage.folder, '..', 'state')
const found: readonly [how: string, env: () => Record<string, string>, dotEnv?: () => string][] = [
  ['by X5T_EMULATOR_URL', () => ({ X5T_EMULATOR_URL: entra.url })],
  ['by X5T_EMULATOR_URL in .env', () => ({}), () => `X5T_EMULATOR_URL=${entra.url}\n`],
  ['by the configured authority', () => ({ X5T_AUTHORITY: entra.url })],
]
for (const [how, env, dotEnv = () => ''] of found) {
  test(`an emulator is found ${how}`, async () => {
    stage.write('.env', dotEnv())
    const { code, stdout, stderr } = await stage.x5t(['emulator', 'status'], {
      env: { XDG_STATE_HOME: state, ...env() },
    })
    stage.write('.env', '')
    assert.equal(code, 0, stderr)
    assert.ok(stdout.startsWith(entra.url))
  })
}

test('the emulator that runs on the machine is found with its CA, and no more once it has ended', async () => {
  const env = { XDG_DATA_HOME: join(state, 'data'), XDG_STATE_HOME: state }
  const none = await stage.x5t(['emulator', 'status'], { env })
  assert.equal(none.code, 3)
  assert.match(
    none.stderr,
    /no emulator is known to run on this machine\n {2}hint: start one with: x5t emulator\n/,
  )

  let stop: (signal: 'SIGINT') => void = () => {}
  let ready: (value: string) => void = () => {}
  const seen = new Promise<string>((resolve) => {
    ready = resolve
  })
  const running = stage.x5t(['dev', '--port', '0', '--json', '--data', 'kept'], {
    env,
    untilStopped: () =>
      new Promise((resolve) => {
        stop = resolve
      }),
    onOutput: () => ready('ready'),
  })
  await seen
  const { code, stdout, stderr } = await stage.x5t(['emulator', 'status'], { env })
  const other = await stage.x5t(['emulator', 'app', 'add', 'later'], { env })
  const [file = ''] = readdirSync(join(state, 'x5t'))
  const { url } = JSON.parse(readFileSync(join(state, 'x5t', file), 'utf8'))
  const stranger = await stage.x5t(['emulator', 'status', '--url', url], {
    env: { XDG_STATE_HOME: join(stage.folder, 'nowhere') },
  })
  stop('SIGINT')
  const ended = await running
  assert.equal(code, 0, stderr)
  assert.equal(other.code, 0, other.stderr)
  assert.deepEqual([stranger.code, stranger.stdout], [5, ''])
  assert.match(
    stranger.stderr,
    /the TLS certificate of localhost:\d+ is not trusted \(\w+\)\n {2}hint: name its CA: --ca FILE.*\nERR_TLS_UNTRUSTED\n$/,
  )
  const line = JSON.parse(ended.stdout)
  assert.ok(stdout.startsWith(`${line.url} answers`))
  assert.deepEqual([line.dataFolder, line.appId], [join(stage.folder, 'kept'), demo.appId])
  assert.equal(ended.code, 130)
  assert.equal((await stage.x5t(['emulator', 'status'], { env })).code, 3)
})
