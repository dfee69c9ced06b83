import { TokenEndpointError, TransportError } from '../errors.ts'
import type { Exchange } from '../http/exchange.ts'
import type { Clock, ServerClock } from '../internal/clock.ts'
import { events } from '../internal/events.ts'
import type { Explain } from './refusal.ts'
import { parseTokenResponse, type TokenResponse } from './response.ts'

export interface TokenRequest {
  readonly endpoint: string
  /** The form, with an assertion made for this try: called once for each. `now` is the server's time, epoch ms. */
  readonly form: (now: number) => Promise<URLSearchParams>
  readonly exchange: Exchange
  readonly clock: Clock
  readonly serverClock: ServerClock
  readonly explain: Explain
  /** Aborted by whoever waits, with the error they should see. */
  readonly signal: AbortSignal
  /** Steady time after which no further try begins. */
  readonly deadline: number
  /** Uniform in [0, 1); spreads the tries of many clients. Default: `Math.random`. */
  readonly random?: (() => number) | undefined
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
 * or after `Retry-After` where that ends before the deadline. A connection that the server closed while it was idle
 * and an assertion that came at the wrong time (clock learned from `Date`) get one more try each, at once.
 */
export async function requestToken(request: TokenRequest): Promise<TimedTokenResponse> {
  const { signal, deadline, clock, serverClock } = request
  let clockCorrected = false
  let reconnected = false
  for (let attempt = 1; ; attempt++) {
    const assertedAt = serverClock.now()
    try {
      return await tryOnce(request, assertedAt, attempt)
    } catch (error) {
      signal.throwIfAborted()
      if (!clockCorrected && isTimeRefusal(error) && serverClock.correct(assertedAt)) {
        clockCorrected = true
        attempt--
      } else if (!reconnected && error instanceof TransportError && error.staleConnection) {
        reconnected = true
        attempt--
      } else {
        const waitMs = waitBeforeNext(error, attempt, request.random)
        if (waitMs === undefined || clock.steady() + waitMs >= deadline) throw error
        events.retry.publish({ endpoint: request.endpoint, attempt, waitMs, error })
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
  const { endpoint, exchange, clock, serverClock, signal } = request
  const body = (await request.form(assertedAt)).toString()
  const url = new URL(endpoint)
  const sentAt = clock.steady()
  events.request.publish({ endpoint, attempt })
  const response = await exchange({ method: 'POST', url, headers: requestHeaders, body, signal })
  serverClock.learn(response.headers.date, sentAt)
  events.response.publish({ endpoint, attempt, status: response.status, durationMs: clock.steady() - sentAt })
  return { ...parseTokenResponse(response, url.host, request.explain), sentAt }
}

const requestHeaders = {
  accept: 'application/json',
  'accept-encoding': 'identity',
  'content-type': 'application/x-www-form-urlencoded',
  'x-client-sku': 'x5t',
}

function isTimeRefusal(error: unknown): boolean {
  return error instanceof TokenEndpointError && error.errorCodes.includes(assertionTimeRefused)
}

/** Full jitter: a fleet that failed together does not come back together. `undefined`: no further try. */
function waitBeforeNext(error: unknown, attempt: number, random = Math.random): number | undefined {
  const retryable =
    error instanceof TokenEndpointError || error instanceof TransportError ? error.retryable : false
  if (!retryable || attempt >= maxTries) return undefined
  const backoff = random() * firstDelayMs * 2 ** (attempt - 1)
  return error instanceof TokenEndpointError && error.retryAfterMs !== undefined
    ? error.retryAfterMs
    : backoff
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      if (signal.aborted) reject(signal.reason)
      else resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end, { once: true })
  })
}
