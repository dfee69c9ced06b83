import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { TestContext } from 'node:test'
import { TransportError } from '../../src/errors.ts'
import type { HttpRequest, HttpResponse } from '../../src/http/exchange.ts'
import { createServerClock } from '../../src/internal/clock.ts'
import type { StopSignal } from '../../src/internal/stop.ts'
import { requestToken } from '../../src/token/endpoint.ts'
import { settled } from '../support/deferred.ts'

type Step = HttpResponse | Error | ((request: HttpRequest) => Promise<HttpResponse>)

export const epoch = Date.parse('2026-11-24T12:00:00Z')
export const answer = (
  status: number,
  body: object | string,
  headers: Record<string, string> = {},
): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})
export const granted = answer(200, { token_type: 'Bearer', expires_in: 3_600, access_token: 'abc' })
export const busy = (headers?: Record<string, string>) =>
  answer(503, { error: 'temporarily_unavailable' }, headers)
export const lost = new TransportError('ERR_NO_ANSWER', 'connection reset')
export const stale = new TransportError('ERR_NO_ANSWER', 'connection reset', { staleConnection: true })
export const badTime = (date: number, codes = [700024]) =>
  answer(401, { error: 'invalid_client', error_codes: codes }, { date: new Date(date).toUTCString() })

/** Runs a request over scripted answers with time in the test's hands; `Math.random` says `share`. */
export function stage(context: TestContext, steps: readonly Step[], { share = 0, timeoutMs = 30_000 } = {}) {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  context.mock.method(Math, 'random', () => share)
  const time = { now: epoch }
  const clock = { wall: () => time.now, steady: () => time.now }
  const serverClock = createServerClock(clock)
  const forms: number[] = []
  const requests: HttpRequest[] = []
  const leaver = new AbortController()
  const signal: StopSignal = Object.assign(leaver.signal, { until: time.now + timeoutMs })
  const run = () =>
    requestToken({
      endpoint: { url: 'https://login.example/token?code=hidden', shown: 'https://login.example/token?…' },
      form: async (now) => {
        forms.push(now)
        return new URLSearchParams({ client_assertion: `made for try ${forms.length}` })
      },
      async exchange(request) {
        requests.push(request)
        const step = steps[requests.length - 1] ?? lost
        if (step instanceof Error) throw step
        return typeof step === 'function' ? step(request) : step
      },
      clock,
      serverClock,
      loadExplain: async () => () => ({}),
      signal,
    })
  const retries: string[] = []
  const onRetry = (message: unknown) => {
    retries.push(String(Object(message).reason))
  }
  subscribe('x5t:retry', onRetry)
  context.after(() => unsubscribe('x5t:retry', onRetry))
  const pass = async (ms: number) => {
    time.now += ms
    context.mock.timers.tick(ms)
    await settled()
  }
  let pauses = 0
  /** The next pause between two tries has begun. */
  const paused = async () => {
    pauses++
    while (retries.filter((reason) => reason === 'failure').length < pauses) await settled()
  }
  return { run, pass, paused, time, forms, requests, retries, leaver, serverClock }
}
