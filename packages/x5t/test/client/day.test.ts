import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'
import { type TestContext, test } from 'node:test'
import { createClient } from '../../src/client/client.ts'
import { newCredential } from '../support/credential.ts'
import { settled } from '../support/deferred.ts'
import { type Asked, granted, refused, tokenService } from '../support/token-service.ts'

const minute = 60_000
const hour = 60 * minute
const step = 10_000
const lifetime = hour
const start = 1_900_000_000_000

/** What the service does with the first request after a time of the day, and for eleven minutes more. */
const outages: readonly [at: number, answering: () => Response][] = [
  [3 * hour, () => refused(503, { error: 'temporarily_unavailable' })],
  [
    6 * hour,
    () => {
      throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    },
  ],
  [8 * hour, () => refused(429, {}, { 'retry-after': '120' })],
  [14 * hour, () => refused(401, { error: 'invalid_client', error_codes: [7000112] })],
  [16 * hour, () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
  [18 * hour, () => granted('')],
]
/** A token lives a little longer than that past its refreshAt. */
const outageMs = 11 * minute

/** When the wall clock is set, and by how much. */
const settings: readonly [at: number, byMs: number][] = [
  [9.5 * hour, 10 * minute],
  [10.5 * hour, -20 * minute],
  [11.5 * hour, 20 * minute],
  [12.5 * hour, -10 * minute],
]

const rotatedAt = 19 * hour
/** The service learns of a new certificate late. */
const knownAt = rotatedAt + hour
const retiredAt = rotatedAt + 2 * hour

/** The clocks of the machine, in the hands of the test: `at` is what has passed, sleep included. */
function machine(context: TestContext) {
  const state = { at: 0, sleptMs: 0, setMs: 0 }
  context.mock.method(Date, 'now', () => start + state.at + state.setMs)
  context.mock.method(performance, 'now', () => state.at - state.sleptMs)
  const { mock } = context.mock.method(os, 'uptime', () => 5_000 + state.at / 1_000)
  syncBuiltinESMExports()
  context.after(() => {
    mock.restore()
    syncBuiltinESMExports()
  })
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const flying = new Set<unknown>()
  for (const [name, listen] of [
    ['x5t:request', ({ requestId }: { requestId: string }) => flying.add(requestId)],
    ['x5t:response', ({ requestId }: { requestId: string }) => flying.delete(requestId)],
  ] as const) {
    const listener = (message: unknown) => listen(Object(message))
    subscribe(name, listener)
    context.after(() => unsubscribe(name, listener))
  }
  /** Until nothing is on its way; else a step would be longer than the time a request may take. */
  async function quiet(): Promise<void> {
    do await settled()
    while (flying.size > 0)
  }
  return {
    state,
    async run(ms: number) {
      state.at += ms
      context.mock.timers.tick(ms)
      await quiet()
    },
    /** Everything stands still but the wall clock and the system's uptime. */
    sleep(ms: number) {
      state.at += ms
      state.sleptMs += ms
    },
  }
}

/** Keys whose signatures nobody checks here: a day has no time for RSA. */
async function newKey() {
  const { certificate } = await newCredential()
  return { certificate, signer: { sign: async () => Buffer.alloc(256) } }
}

test('a day: outages, a set clock, a rotation and a sleep, and no caller fails or waits', async (context) => {
  const [old, next] = [await newKey(), await newKey()]
  const { state, run, sleep } = machine(context)
  let seed = 1
  context.mock.method(Math, 'random', () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  })
  const tokens = new Map<string, number>()
  const answered: { at: number; during: number | undefined; ok: boolean }[] = []
  const begun = new Map<number, number>()

  const answering = ({ claims, header }: Asked, number: number): Response => {
    const [at, fail] = outages.findLast(([begin]) => state.at >= begin) ?? [0, () => new Response()]
    if (!begun.has(at)) begun.set(at, state.at)
    const isOut = at > 0 && state.at < (begun.get(at) ?? 0) + outageMs
    const seen = { at: state.at, during: isOut ? at : undefined, ok: false }
    answered.push(seen)
    if (isOut) return fail()
    const date = { date: new Date(start + state.at).toUTCString() }
    const [nbf, exp] = [Number(claims.nbf), Number(claims.exp)].map((time) => time * 1_000 - start - state.at)
    if (nbf === undefined || exp === undefined || nbf > 5 * minute || exp < -5 * minute) {
      return refused(401, { error: 'invalid_client', error_codes: [700024] }, date)
    }
    const isNew = header['x5t#S256'] === next.certificate.thumbprintSha256
    if (isNew ? state.at < knownAt : state.at >= retiredAt) {
      return refused(401, { error: 'invalid_client', error_codes: [700027] }, date)
    }
    seen.ok = true
    tokens.set(`token-${number}`, state.at + lifetime)
    return granted(`token-${number}`, { expires_in: lifetime / 1_000 }, date)
  }
  const { fetch } = tokenService(answering)
  const rotated = () => state.at >= rotatedAt
  const credential = {
    current: async () => (rotated() ? next : old),
    previous: () => (rotated() ? old : undefined),
  }
  const client = createClient({ tenant: 'contoso.com', clientId: 'app', credential, fetch })
  const failures: number[] = []
  const listen = (message: unknown) => failures.push(Object(message).failures)
  subscribe('x5t:refresh', listen)
  context.after(() => unsubscribe('x5t:refresh', listen))

  let calls = 0
  const ask = async () => {
    // No time passes here: who had to wait for a pause would wait for ever.
    const asked = await Promise.all(Array.from({ length: 3 }, () => client.getToken({ scope: 'api' })))
    calls += asked.length
    for (const { accessToken } of asked) {
      const end = tokens.get(accessToken) ?? 0
      assert.ok(state.at < end, `${accessToken} ended ${(state.at - end) / 1_000} s ago`)
    }
  }
  while (state.at < 24 * hour) {
    await ask()
    await run(step)
    for (const [at, byMs] of settings) if (at > state.at - step && at <= state.at) state.setMs += byMs
  }
  sleep(2 * hour)
  await ask()

  assert.equal(calls, 3 * (24 * 360 + 1))
  const good = answered.filter(({ ok }) => ok).length
  // 0.8 of an hour, less up to a tenth; what fails in between only makes a token older.
  const [fewest, most] = [24 * 0.8, 24 / (0.8 * 0.9) + 2]
  assert.ok(good >= fewest && good <= most, `${good} tokens`)
  for (const [at] of outages) {
    const tries = answered.filter(({ during }) => during === at).length
    // Pauses of 5 s to 300 s, three tries between them where a try may help.
    assert.ok(tries > 0 && tries <= 3 * 9, `${tries} requests in the outage of ${at / hour} h`)
  }
  const throttled = answered.filter(({ during }) => during === 8 * hour).map(({ at }) => at)
  for (const [index, at] of throttled.entries()) {
    const before = throttled[index - 1]
    assert.ok(before === undefined || at - before >= 2 * minute)
  }
  // Beside tokens and outages: the new certificate, tried once with each renewal until it is known.
  const others = answered.filter(({ ok, during }) => !ok && during === undefined)
  assert.ok(
    others.length <= 2 && others.every(({ at }) => at >= rotatedAt && at < knownAt),
    `${others.length}`,
  )
  assert.equal(failures.filter((count) => count === 0).length, good - 2)
  assert.ok(failures.some((count) => count > 0))
})
