import assert from 'node:assert/strict'
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { demo } from '@x5t/emulator'
import { generateCertificate } from 'x5t'
import { entra, pair, setUp, stage } from './support/token-stage.ts'

/** What `x5t token` waits for, and says while it waits. */

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
  assert.ok(
    stderr.includes(
      `hint: for the emulator: x5t emulator cert add app.pem --app ${appId} --url ${entra.url}\n` +
        `  hint: where it is registered already, weather may keep it back: x5t emulator weather list --url ${entra.url}\n`,
    ),
    stderr,
  )
  assert.equal(pauses, 3)
  setUp({ clientId: demo.tenantId })
  assert.match((await stage.x5t(['token', '--wait', '10s'], waiting)).stderr, /AADSTS700016/)
  assert.equal(pauses, 3)
  assert.equal((await stage.x5t(['token', '--wait', 'soon'])).code, 2)
})

/** As on a day on which the service wants to be left alone for 12 s, which pass once that was said, or in silence. */
async function throttled(context: TestContext, argv: readonly string[], isTTY: boolean): Promise<string> {
  entra.weather.arm({ kind: 'throttling', retryAfterSeconds: 12, count: 1, endpoint: 'token' })
  context.mock.method(Math, 'random', () => 0)
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const letPass = () => setImmediate(() => context.mock.timers.tick(12_000))
  subscribe('x5t:retry', letPass)
  let stderr = ''
  const write = (text: string | Uint8Array) => (stderr += text)
  const { code, stdout } = await stage.x5t(['token', '--no-cache', ...argv], { stderr: { isTTY, write } })
  unsubscribe('x5t:retry', letPass)
  context.mock.timers.reset()
  assert.deepEqual([code, /eyJ/.test(stdout)], [0, true], stderr)
  return stderr
}

test('a service that asks to wait is waited for, and that is said at once, in one line', async (context) => {
  const said = `${new URL(entra.url).host} answered 429; asking again in 12 s`
  const clear = '\r\u001b[2K'
  assert.ok((await throttled(context, [], false)).startsWith(`${said}\nexpires `))
  assert.ok((await throttled(context, [], true)).startsWith(`${clear}${said}${clear}expires `))
})

for (const word of ['--quiet', '--json']) {
  test(`with ${word} the wait for a service is silent`, async (context) => {
    const stderr = await throttled(context, [word], true)
    assert.ok(!stderr.includes('asking again'), stderr)
  })
}

for (const [waitMs, said] of [
  [499, ''],
  [500, 'no answer; asking again in 1 s\n'],
] as const) {
  test(`a wait of ${waitMs} ms is ${said === '' ? 'over before it is read' : 'said'}`, async () => {
    const wait = { endpoint: entra.url, waitMs, error: { message: 'no answer' } }
    const publish = () => channel('x5t:retry').publish(wait)
    subscribe('x5t:request', publish)
    const { stderr } = await stage.x5t(['token', '--no-cache'])
    unsubscribe('x5t:request', publish)
    assert.match(stderr, new RegExp(`^${said}expires `))
  })
}

for (const [how, onHit, said] of [
  ['', () => {}, /^expires /],
  [
    ', also where the disk gives it no second time',
    () => rmSync(stage.env.XDG_CACHE_HOME, { recursive: true, force: true }),
    /^no new token: no token from 127\.0\.0\.1:\d+ within 2 s\nexpires /,
  ],
] as const) {
  test(`where the service is silent, a remembered token that is due is printed after 2 s${how}`, {
    timeout: 20_000,
  }, async (context) => {
    let answer: string | undefined = JSON.stringify({
      token_type: 'Bearer',
      expires_in: 3_600,
      refresh_in: 1_800,
      access_token: 'kept',
    })
    const server = createServer((_, response) => {
      if (answer !== undefined) response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
      else context.mock.timers.tick(2_000)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo // a TCP server that listens has one
    setUp({ authority: `http://127.0.0.1:${port}` })
    const { refreshAt } = JSON.parse((await stage.x5t(['token', '--json'])).stdout)
    answer = undefined
    context.mock.method(Date, 'now', () => Date.parse(refreshAt) + 1_000)
    context.mock.timers.enable({ apis: ['setTimeout'] })
    subscribe('x5t:store', onHit)
    const { code, stdout, stderr } = await stage.x5t(['token'])
    unsubscribe('x5t:store', onHit)
    context.mock.timers.reset()
    server.closeAllConnections()
    server.close()
    assert.deepEqual([code, stdout], [0, 'kept\n'])
    assert.match(stderr, said)
  })
}

test('where the emulator does not run, the command that starts it is said', async (context) => {
  const { stdout: input } = await stage.x5t(['token'])
  setUp({ authority: 'http://localhost:1' })
  context.mock.method(Math, 'random', () => 0)
  for (const argv of [['token'], ['verify', '--any-client']]) {
    const { code, stderr } = await stage.x5t(argv, { input })
    assert.equal(code, 5, stderr)
    assert.match(stderr, /hint: start the emulator: x5t emulator --port 1 --http\n/)
  }
})

test('a registered certificate that has expired is to be renewed, not registered again', async () => {
  const past = { days: 1, now: () => Date.now() - 3 * 86_400_000 }
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'past', ...past })
  entra.addCertificate({ appId: demo.appId, certificate: certificatePem })
  stage.write('app.pem', privateKeyPem + certificatePem)
  const { stderr } = await stage.x5t(['token'])
  assert.match(stderr, /AADSTS700027/)
  assert.deepEqual(stderr.match(/hint: .*/g)?.length, 1, stderr)
  assert.match(stderr, /hint: .*expired/)
})
