import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TransportError } from '../../src/errors.ts'
import type { HttpRequest } from '../../src/http/exchange.ts'
import type { StopSignal } from '../../src/internal/stop.ts'
import { settled } from '../support/deferred.ts'
import { answer, badTime, busy, epoch, granted, lost, stage, stale } from './stage.ts'
import './endpoint-events.ts'

const untrusted = new TransportError('ERR_TLS_UNTRUSTED', 'no', { retryable: false })
const boom = new Error('boom')

for (const [name, step] of [
  ['no answer', lost],
  ['408', answer(408, '')],
  ['429', answer(429, {})],
  ['500', answer(500, {})],
  ['503', busy()],
  ['400 temporarily_unavailable', answer(400, { error: 'temporarily_unavailable' })],
] as const) {
  test(`after ${name} comes another try, with an assertion of its own`, async (context) => {
    const { run, pass, paused, requests } = stage(context, [step, step, granted])
    const token = run()
    for (let pause = 0; pause < 2; pause++) {
      await paused()
      await pass(0)
    }
    assert.equal((await token).accessToken, 'abc')
    assert.deepEqual(
      requests.map(({ body }) => body),
      [1, 2, 3].map((number) => `client_assertion=made+for+try+${number}`),
    )
  })

  test(`three times ${name} is the end`, async (context) => {
    const { run, pass, paused, requests } = stage(context, [step, step, step, granted])
    const token = assert.rejects(run(), step instanceof Error ? step : { status: step.status })
    for (let pause = 0; pause < 2; pause++) {
      await paused()
      await pass(0)
    }
    await token
    assert.equal(requests.length, 3)
  })
}

for (const [name, step] of [
  ['400', answer(400, { error: 'invalid_scope' })],
  ['401', answer(401, { error: 'invalid_client', error_codes: [700027] })],
  ['403', answer(403, { error: 'access_denied' })],
  ['404', answer(404, '')],
  ['a redirect', answer(307, '', { location: 'https://evil.example/' })],
  ['200 without a token', answer(200, {})],
  ['an untrusted certificate', untrusted],
  ['a failure of the signer', new Error('hsm')],
] as const) {
  test(`after ${name} there is no other try`, async (context) => {
    const { run, requests } = stage(context, [step, granted])
    await assert.rejects(run())
    assert.equal(requests.length, 1)
  })
}

test('a refusal that repeats the assertion is shown without it', async (context) => {
  const echo = async ({ body }: HttpRequest) => answer(400, { error: `not known: ${body}` })
  await assert.rejects(stage(context, [echo]).run(), {
    error: 'it repeats the client assertion',
    message: 'login.example answered 400 (it repeats the client assertion)',
  })
})

for (const [share, waits] of [
  [0, [0, 0]],
  [0.5, [250, 500]],
  [0.999, [499.5, 999]],
] as const) {
  test(`pauses are a random share of 0.5 s and 1 s: ${share} gives ${waits} ms`, async (context) => {
    const { run, pass, paused, requests } = stage(context, [lost, lost, granted], { share })
    const token = run()
    for (const [index, wait] of waits.entries()) {
      await paused()
      if (wait > 0) await pass(wait - 1)
      assert.equal(requests.length, wait > 0 ? index + 1 : requests.length)
      await pass(wait > 0 ? 1 : 0)
      assert.equal(requests.length, index + 2)
    }
    await token
  })
}

test('Retry-After is waited for, and the jitter comes on top, so that a fleet does not return in step', async (context) => {
  const { run, pass, paused, requests } = stage(context, [busy({ 'retry-after': '10' }), granted], {
    share: 0.5,
  })
  const token = run()
  await paused()
  await pass(10_249)
  assert.equal(requests.length, 1)
  await pass(1)
  assert.equal((await token).accessToken, 'abc')
})

for (const [form, value] of Object.entries({
  seconds: '30',
  'a date, read by the clock learned': new Date(epoch + 30_000).toUTCString(),
})) {
  test(`a Retry-After that ends after the deadline fails at once, and says how long, in ${form}`, async (context) => {
    const { run, requests } = stage(context, [busy({ 'retry-after': value }), granted])
    await assert.rejects(run(), {
      code: 'ERR_ENTRA_UNAVAILABLE',
      message: /^login\.example answered 503/,
      retryAfterMs: 30_000,
    })
    assert.equal(requests.length, 1)
  })
}

for (const [when, retryAfterMs, tries] of [
  ['before the deadline is waited for', 10_000, 2],
  ['after the deadline is the end', 30_000, 1],
] as const) {
  test(`a wait that a vault with the key asks for and that ends ${when}`, async (context) => {
    const throttled = new TransportError('ERR_KEY_VAULT_UNAVAILABLE', 'busy', { retryAfterMs })
    const { run, pass, requests } = stage(context, [throttled, granted])
    const ended = run().catch((error: unknown) => error)
    await settled()
    await pass(9_999)
    assert.equal(requests.length, 1)
    await pass(1)
    assert.equal(requests.length, tries)
    if (tries === 1) assert.equal(await ended, throttled)
  })
}

test('an abort ends the wait for Retry-After at once', async (context) => {
  const { run, pass, paused, leaver, requests } = stage(context, [busy({ 'retry-after': '10' }), granted])
  const token = assert.rejects(run(), boom)
  await paused()
  await pass(5_000)
  leaver.abort(boom)
  await token
  await pass(60_000)
  assert.equal(requests.length, 1)
})

test('an abort while the assertion is signed sends nothing', async (context) => {
  const { run, leaver, requests } = stage(context, [granted])
  const token = run()
  leaver.abort(boom)
  await assert.rejects(token, boom)
  assert.equal(requests.length, 0)
})

for (const [name, failure] of Object.entries({ lost, untrusted })) {
  test(`an abort while the request is under way is what its caller sees, not that it was ${name} then`, async (context) => {
    const { run, leaver, requests, retries } = stage(context, [
      async () => {
        leaver.abort(boom)
        throw failure
      },
      granted,
    ])
    const signal: StopSignal = leaver.signal
    await assert.rejects(run(), boom)
    assert.deepEqual([requests.length, retries, signal.failure], [1, [], undefined])
    assert.equal(requests[0]?.signal, signal)
  })
}

test('what went wrong, and when, is told to the signal of those who wait', async (context) => {
  const { run, pass, paused, leaver, time } = stage(context, [stale, busy(), granted], { share: 0.5 })
  const signal: StopSignal = leaver.signal
  const token = run()
  await paused()
  const { error, at } = signal.failure ?? {}
  assert.deepEqual([Object(error).code, at], ['ERR_ENTRA_UNAVAILABLE', time.now])
  await pass(250)
  await token
})

test('a connection that had died idle is one more try, at once, and not one of the three', async (context) => {
  const { run, pass, paused, requests } = stage(context, [stale, lost, lost, granted], { share: 0.5 })
  const token = run()
  await paused()
  assert.equal(requests.length, 2)
  await pass(250)
  await paused()
  await pass(500)
  assert.equal((await token).accessToken, 'abc')
})

test('connections that die again and again are tried three times after the first, with pauses, and no more', async (context) => {
  const { run, pass, paused, requests, retries } = stage(context, [...Array(9).fill(stale), granted])
  const token = assert.rejects(run(), stale)
  for (let pause = 0; pause < 2; pause++) {
    await paused()
    await pass(0)
  }
  await token
  assert.equal(requests.length, 4)
  assert.deepEqual(retries, ['stale connection', 'failure', 'failure'])
})

for (const minutes of [-20, -10, 10, 20]) {
  test(`a clock ${minutes} minutes off is corrected by the answer, in one more try`, async (context) => {
    const serverTime = epoch - minutes * 60_000
    const { run, forms } = stage(context, [badTime(serverTime), granted])
    await run()
    assert.equal(forms.length, 2)
    assert.ok(Math.abs((forms[1] ?? 0) - serverTime) <= 1_000)
  })
}

test('a server without AADSTS numbers is believed where its clock explains the refusal, and only there', async (context) => {
  const off = stage(context, [badTime(epoch + 1_200_000, []), granted])
  assert.equal((await off.run()).accessToken, 'abc')
  context.mock.reset()
  const right = stage(context, [badTime(epoch, []), granted])
  await assert.rejects(right.run(), { status: 401 })
  assert.equal(right.requests.length, 1)
  context.mock.reset()
  const other = { ...badTime(epoch + 1_200_000), body: Buffer.from('{"error":"invalid_scope"}') }
  const unrelated = stage(context, [other, granted])
  await assert.rejects(unrelated.run(), { error: 'invalid_scope' })
  assert.equal(unrelated.requests.length, 1)
})

test('700024 without a known reason, or twice, is the answer', async (context) => {
  const right = stage(context, [badTime(epoch), granted])
  await assert.rejects(right.run(), { aadsts: 700024 })
  context.mock.reset()
  const twice = stage(context, [badTime(epoch + 1_200_000), badTime(epoch + 1_200_000), granted])
  await assert.rejects(twice.run(), { aadsts: 700024 })
  assert.equal(twice.requests.length, 2)
})

test('a lying Date is found out by the refusal it causes, and the own clock is used from then on', async (context) => {
  const lie = { date: new Date(epoch + 3_600_000).toUTCString() }
  const steps = [
    { ...granted, headers: { ...granted.headers, ...lie } },
    badTime(epoch + 3_600_000),
    granted,
    granted,
  ]
  const { run, forms } = stage(context, steps)
  await run()
  await run()
  await run()
  assert.deepEqual(
    forms.map((now) => Math.round((now - epoch) / 60_000)),
    [0, 60, 0, 0],
  )
})

test('only JSON of the token endpoint teaches the time', async (context) => {
  const page = answer(200, '<html>', {
    'content-type': 'text/html',
    date: new Date(epoch - 9e6).toUTCString(),
  })
  const { run, serverClock } = stage(context, [page])
  await assert.rejects(run())
  assert.equal(serverClock.now(), epoch)
})

test('the request asks for JSON without compression, and its lifetime counts from sending', async (context) => {
  const slow = async () => {
    time.now += 7_000
    return granted
  }
  const { run, time, requests } = stage(context, [slow])
  assert.equal((await run()).sentAt, epoch)
  const { 'client-request-id': _, ...headers } = requests[0]?.headers ?? {}
  assert.deepEqual(headers, {
    accept: 'application/json',
    'accept-encoding': 'identity',
    'content-type': 'application/x-www-form-urlencoded',
    'x-client-sku': 'x5t',
  })
})
