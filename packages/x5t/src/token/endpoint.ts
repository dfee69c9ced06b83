import { randomUUID } from 'node:crypto'
import { TokenEndpointError, TransportError } from '../errors.ts'
import { compileHostPattern } from '../http/compile-host-pattern.ts'
import type { Exchange } from '../http/exchange.ts'
import type { Clock, ServerClock } from '../internal/clock.ts'
import { events } from '../internal/events.ts'
import { pause, type StopSignal } from '../internal/stop.ts'
import type { Explain } from './answer.ts'
import { parseTokenResponse, readAnswer, type TokenResponse } from './response.ts'

export interface TokenRequest {
  /** Its address, and that as events show it. */
  readonly endpoint: { readonly url: string; readonly shown: string }
  /** The form, with an assertion made for this try: called once for each. `now` is the server's time, epoch ms. */
  readonly form: (now: number) => Promise<URLSearchParams>
  readonly exchange: Exchange
  readonly clock: Clock
  readonly serverClock: ServerClock
  /** Words for AADSTS numbers; loaded for a refusal only, for start-up is paid by the module. */
  readonly loadExplain: () => Promise<Explain>
  /** Aborted by whoever waits, with the error they should see; no further try begins after its `until`. */
  readonly signal: StopSignal
}

/** A response and the steady time its lifetime is counted from. */
export interface TimedTokenResponse extends TokenResponse {
  readonly sentAt: number
}

const maxTries = 3
const firstDelayMs = 500
/** Entra: the assertion is not within its valid time range. One of two AADSTS numbers that steer (errors.ts). */
const assertionTimeRefused = 700024

/**
 * Asks the token endpoint: few tries, each with a new assertion, and nothing sent anywhere else.
 *
 * Tried again: no answer, 408, 429, 5xx and `temporarily_unavailable`, after a random share of 0.5 s, then of 1 s,
 * on top of `Retry-After`, where that ends before the deadline. A connection that the server closed while it was idle
 * and an assertion that came at the wrong time (clock learned from `Date`) get one more try each, at once.
 */
export async function requestToken(request: TokenRequest): Promise<TimedTokenResponse> {
  const { signal, clock, serverClock } = request
  const endpoint = request.endpoint.shown
  let failures = 0
  let clockCorrected = false
  let reconnected = false
  for (let attempt = 1; ; attempt++) {
    const assertedAt = serverClock.now()
    try {
      return await tryOnce(request, assertedAt, attempt)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      signal.failure = { error, at: clock.steady() }
      if (!clockCorrected && isTimeRefusal(error) && serverClock.correct(assertedAt)) {
        clockCorrected = true
        events.retry.publish({ endpoint, attempt, reason: 'clock', waitMs: 0, error })
      } else if (!reconnected && error instanceof TransportError && error.staleConnection) {
        reconnected = true
        events.retry.publish({ endpoint, attempt, reason: 'stale connection', waitMs: 0, error })
      } else {
        const waitMs = waitBeforeNext(error, ++failures)
        const { until = Number.POSITIVE_INFINITY } = signal
        if (waitMs === undefined || clock.steady() + waitMs >= until) throw error
        events.retry.publish({ endpoint, attempt, reason: 'failure', waitMs, error })
        await pause(waitMs, signal)
      }
    }
  }
}

async function tryOnce(
  request: TokenRequest,
  assertedAt: number,
  attempt: number,
): Promise<TimedTokenResponse> {
  const { exchange, clock, serverClock, signal } = request
  const endpoint = request.endpoint.shown
  const signed = request.form(assertedAt)
  const url = new URL(request.endpoint.url)
  compileHostPattern()
  const form = await signed
  if (signal.aborted) throw signal.reason
  const body = form.toString()
  const assertion = form.get('client_assertion') ?? ''
  const requestId = randomUUID()
  const headers = { ...requestHeaders, 'client-request-id': requestId }
  const sentAt = clock.steady()
  let status: number | undefined
  let failure: { error: unknown } | undefined

  events.request.publish({ requestId, endpoint, attempt })
  try {
    const response = await exchange({ method: 'POST', url, headers, body, signal })
    if (events.exchange.hasSubscribers) {
      const { conversationOf } = await import('./conversation.ts')
      events.exchange.publish(conversationOf({ url, headers, body }, response))
    }
    const answer = readAnswer(response)
    status = answer.status
    if (answer.wire !== undefined) serverClock.learn(answer.headers.date, sentAt)
    const token = parseTokenResponse(answer)
    if (typeof token !== 'string') return { ...token, sentAt }
    const [{ refusal }, explain] = await Promise.all([import('./refusal.ts'), request.loadExplain()])
    throw refusal(answer, token, { host: url.host, now: serverClock.now(), explain, assertion })
  } catch (error) {
    failure = { error }
    throw error
  } finally {
    const durationMs = clock.steady() - sentAt
    events.response.publish({ requestId, endpoint, attempt, durationMs, status, ...failure })
  }
}

/** Entra: `client-request-id` becomes the correlation id of its logs. */
const requestHeaders = {
  accept: 'application/json',
  'accept-encoding': 'identity',
  'content-type': 'application/x-www-form-urlencoded',
  'x-client-sku': 'x5t',
}

/** Servers without AADSTS numbers say `invalid_client` to this too; the clock then knows whether time is the reason. */
function isTimeRefusal(error: unknown): boolean {
  if (!(error instanceof TokenEndpointError)) return false
  return error.errorCodes.length === 0
    ? error.error === 'invalid_client'
    : error.errorCodes.includes(assertionTimeRefused)
}

/** Full jitter: a fleet that failed together does not come back together. `undefined`: no further try. */
function waitBeforeNext(error: unknown, failures: number): number | undefined {
  // The key may be in a vault, which is asked with each try and says how long to wait as the endpoint does.
  if (!(error instanceof TokenEndpointError || error instanceof TransportError)) return undefined
  if (!error.retryable || failures >= maxTries) return undefined
  return Math.random() * firstDelayMs * 2 ** (failures - 1) + (error.retryAfterMs ?? 0)
}
