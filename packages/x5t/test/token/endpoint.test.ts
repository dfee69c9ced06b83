import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { TransportError } from '../../src/errors.ts'
import { createServerClock } from '../../src/internal/clock.ts'
import { requestToken } from '../../src/token/endpoint.ts'
import { json, refusalAnswer, scripted, stillClock, tokenAnswer } from '../support/service.ts'

type Script = Parameters<typeof scripted>

function ask(
  answers: Script,
  { signal = new AbortController().signal, timeoutMs = 30_000, clock = stillClock() } = {},
) {
  const service = scripted(...answers)
  const assertedAt: number[] = []
  const result = requestToken({
    endpoint: 'https://login.example/t/oauth2/v2.0/token',
    form: async (now) => {
      assertedAt.push(now)
      return new URLSearchParams({ client_assertion: `assertion-${assertedAt.length}` })
    },
    exchange: service.exchange,
    clock,
    serverClock: createServerClock(clock),
    explain: () => ({}),
    signal,
    deadline: clock.steady() + timeoutMs,
    random: () => 0.5,
  })
  return { result, service, assertedAt, clock }
}

/** Lets pending promises run, then moves the mocked timers on, until the work is done. */
async function play<T>(result: Promise<T>): Promise<T> {
  let done = false
  const settled = result.finally(() => {
    done = true
  })
  settled.catch(() => {})
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve))
    mock.timers.tick(100)
  }
  return settled
}

const withTimers = (name: string, body: () => Promise<void>) =>
  test(name, async () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      await body()
    } finally {
      mock.timers.reset()
    }
  })

const noAnswer = () => new TransportError('ERR_NO_ANSWER', 'reset')
const retried: [string, Script[0]][] = [
  ['a transport error', noAnswer()],
  ['408', json({}, { status: 408 })],
  ['429', json({}, { status: 429 })],
  ['500', json({}, { status: 500 })],
  ['503 with HTML', { status: 503, headers: { 'content-type': 'text/html' }, body: Buffer.from('<p>') }],
  ['temporarily_unavailable', json({ error: 'temporarily_unavailable' }, { status: 400 })],
]
for (const [what, answer] of retried) {
  withTimers(`after ${what} it asks again, with a new assertion each time`, async () => {
    const { result, service } = ask([answer, answer, json(tokenAnswer())])
    assert.equal((await play(result)).accessToken, 'the-token')
    assert.deepEqual(service.assertions(), ['assertion-1', 'assertion-2', 'assertion-3'])
  })

  withTimers(`after three times ${what} the caller gets the reason`, async () => {
    const { result, service } = ask([answer])
    await assert.rejects(play(result), { retryable: true })
    assert.equal(service.requests.length, 3)
  })
}

for (const [what, answer] of [
  ['401', refusalAnswer(700027)],
  ['400', json({ error: 'invalid_scope' }, { status: 400 })],
  ['403', json({ error: 'access_denied' }, { status: 403 })],
  ['200 without a token', json({})],
  ['a redirect', json({}, { status: 302 })],
  ['an untrusted certificate', new TransportError('ERR_TLS_UNTRUSTED', 'no', { retryable: false })],
] as const) {
  test(`after ${what} it does not ask again`, async () => {
    const { result, service } = ask([answer])
    await assert.rejects(result)
    assert.equal(service.requests.length, 1)
  })
}

withTimers('Retry-After decides the pause', async () => {
  const { result, service } = ask([
    json({}, { status: 429, headers: { 'retry-after': '2' } }),
    json(tokenAnswer()),
  ])
  await new Promise((resolve) => setImmediate(resolve))
  mock.timers.tick(1_900)
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(service.requests.length, 1)
  mock.timers.tick(200)
  assert.equal((await result).accessToken, 'the-token')
})

test('a Retry-After beyond the deadline ends the request at once', async () => {
  const { result, service } = ask([json({}, { status: 429, headers: { 'retry-after': '31' } })])
  await assert.rejects(result, { code: 'ERR_ENTRA_THROTTLED', retryAfterMs: 31_000 })
  assert.equal(service.requests.length, 1)
})

test('abort during the pause ends it with the reason of the abort', async () => {
  const controller = new AbortController()
  const { result } = ask([json({}, { status: 429, headers: { 'retry-after': '20' } })], {
    signal: controller.signal,
  })
  const reason = new Error('enough')
  setImmediate(() => controller.abort(reason))
  await assert.rejects(result, reason)
})

test('a connection that was stale is replaced at once, without a pause, once', async () => {
  const stale = new TransportError('ERR_NO_ANSWER', 'reset', { staleConnection: true })
  const { result, service } = ask([stale, json(tokenAnswer())])
  await result
  assert.deepEqual(service.assertions(), ['assertion-1', 'assertion-2'])
})

const minute = 60_000
for (const skewMinutes of [10, -10, 20, -20]) {
  test(`a clock ${skewMinutes} minutes off is corrected by the Date of the refusal, in one more request`, async () => {
    const clock = stillClock()
    const server = clock.wall() + skewMinutes * minute
    const date = new Date(server).toUTCString()
    const { result, assertedAt } = ask(
      [refusalAnswer(700024, 401, { date }), json(tokenAnswer(), { headers: { date } })],
      { clock },
    )
    await result
    assert.equal(assertedAt.length, 2)
    assert.ok(Math.abs((assertedAt[1] ?? 0) - server) < 2_000)
  })
}

test('a refusal for its time that no clock explains is not sent again', async () => {
  const clock = stillClock()
  const date = new Date(clock.wall()).toUTCString()
  const { result, service } = ask([refusalAnswer(700024, 401, { date })], { clock })
  await assert.rejects(result, { aadsts: 700024 })
  assert.equal(service.requests.length, 1)
})
