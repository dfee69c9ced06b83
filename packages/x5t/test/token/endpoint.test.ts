import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { test } from 'node:test'
import { TransportError } from '../../src/errors.ts'
import { answer, badTime, busy, epoch, granted, lost, stage, stale } from './stage.ts'

const untrusted = new TransportError('ERR_TLS_UNTRUSTED', 'no', { retryable: false })

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
      ['assertion=1', 'assertion=2', 'assertion=3'],
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

test('a Retry-After that ends after the deadline fails at once, and says how long', async (context) => {
  const { run, requests } = stage(context, [busy({ 'retry-after': '30' }), granted])
  await assert.rejects(run(), { code: 'ERR_ENTRA_UNAVAILABLE', retryAfterMs: 30_000 })
  assert.equal(requests.length, 1)
})

test('an abort ends the wait for Retry-After at once', async (context) => {
  const { run, pass, paused, leaver, requests } = stage(context, [busy({ 'retry-after': '10' }), granted])
  const boom = new Error('boom')
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
  leaver.abort(new Error('boom'))
  await assert.rejects(token, { message: 'boom' })
  assert.equal(requests.length, 0)
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

test('each try is one request event and one response event with the same id, and retries say why', async (context) => {
  const seen: Record<string, unknown>[] = []
  const listen = (message: unknown, channel: string | symbol) => seen.push({ channel, ...Object(message) })
  const channels = ['x5t:request', 'x5t:response', 'x5t:retry']
  for (const channel of channels) subscribe(channel, listen)
  const { run, pass, paused, requests } = stage(context, [busy({ 'retry-after': '1' }), stale, granted])
  const token = run()
  await paused()
  await pass(1_000)
  await token
  for (const channel of channels) unsubscribe(channel, listen)
  assert.deepEqual(
    seen.map(({ channel, attempt, status, reason, waitMs }) => [channel, attempt, status ?? reason, waitMs]),
    [
      ['x5t:request', 1, undefined, undefined],
      ['x5t:response', 1, 503, undefined],
      ['x5t:retry', 1, 'failure', 1_000],
      ['x5t:request', 2, undefined, undefined],
      ['x5t:response', 2, undefined, undefined],
      ['x5t:retry', 2, 'stale connection', 0],
      ['x5t:request', 3, undefined, undefined],
      ['x5t:response', 3, 200, undefined],
    ],
  )
  const ids = (channel: string) =>
    seen.filter((one) => one.channel === channel).map(({ requestId }) => requestId)
  assert.deepEqual(ids('x5t:request'), ids('x5t:response'))
  assert.deepEqual(
    ids('x5t:request'),
    requests.map(({ headers }) => headers['client-request-id']),
  )
  assert.equal(new Set(ids('x5t:request')).size, 3)
})

test('the request asks for no compression, and its lifetime counts from sending', async (context) => {
  const slow = async () => {
    time.now += 7_000
    return granted
  }
  const { run, time, requests } = stage(context, [slow])
  assert.equal((await run()).sentAt, epoch)
  assert.equal(requests[0]?.headers['accept-encoding'], 'identity')
  assert.equal(requests[0]?.headers['content-type'], 'application/x-www-form-urlencoded')
})
