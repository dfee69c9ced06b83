import { type ErrorCode, TokenEndpointError } from '../errors.ts'
import type { HttpResponse } from '../http/exchange.ts'
import { excerpt, mask } from '../internal/redact.ts'

/** Chooses the words for a refusal from its AADSTS numbers; they never steer anything else. */
export type Explain = (errorCodes: readonly number[]) => {
  summary?: string | undefined
  hint?: string | undefined
}

/** The error for an answer that is no token: what the service says, without anything it may echo of the request. */
export function refusal(
  response: HttpResponse,
  wire: Record<string, unknown> | undefined,
  host: string,
  explain: Explain,
): TokenEndpointError {
  const { status, headers } = response
  const error = text(wire?.error)
  const transient = status === 408 || status === 429 || status >= 500 || error === 'temporarily_unavailable'
  if (status >= 300 && status < 400) {
    return invalid(response, `${host} answered ${status}, a redirect; a client assertion goes nowhere else`)
  }
  if (error === undefined && !transient)
    return invalid(response, `${host} answered ${status}: ${describe(response)}`)

  const errorCodes = numbers(wire?.error_codes)
  const errorDescription = description(wire?.error_description)
  const { summary, hint } = explain(errorCodes)
  const said = [error, errorDescription].filter(Boolean).join(': ') || describe(response)
  const message = `${summary ?? `${host} answered ${status}`} (${said})`
  return new TokenEndpointError(codeOf(status, transient), message, {
    status,
    error,
    errorDescription,
    errorCodes,
    suberror: text(wire?.suberror),
    claims: text(wire?.claims),
    correlationId: text(wire?.correlation_id) ?? headers['client-request-id'],
    traceId: text(wire?.trace_id) ?? headers['x-ms-request-id'],
    retryAfterMs: retryAfter(headers),
    retryable: transient,
    hint,
  })
}

/** Media type and first characters of an answer nobody expected, fit for a message. */
export function describe({ headers, body }: HttpResponse): string {
  const type = headers['content-type'] ?? 'no content type'
  return body.length === 0
    ? `${excerpt(type)}, empty`
    : `${excerpt(type)}, begins ${JSON.stringify(excerpt(body.toString('utf8')))}`
}

/** An answer that is neither a token nor a refusal: something else is talking. */
export function invalid({ status }: HttpResponse, message: string): TokenEndpointError {
  return new TokenEndpointError('ERR_RESPONSE_INVALID', message, {
    status,
    hint: 'check the authority, and whether a proxy or a login page stands in between',
  })
}

function codeOf(status: number, transient: boolean): ErrorCode {
  if (status === 429) return 'ERR_ENTRA_THROTTLED'
  return transient ? 'ERR_ENTRA_UNAVAILABLE' : 'ERR_ENTRA_REFUSED'
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

/** Up to the trace lines, which have fields of their own. Entra: they follow a space today, CRLF until 2023. */
function description(value: unknown): string | undefined {
  const whole = text(value)
  return whole === undefined ? undefined : mask(whole.split(/(?:\r\n| )Trace ID:/)[0] ?? '').slice(0, 2_000)
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.map(Number).filter(Number.isSafeInteger) : []
}

/** Seconds, or a date read against the answer's own `Date`. @see RFC 9110 section 10.2.3 */
function retryAfter(headers: HttpResponse['headers']): number | undefined {
  const value = headers['retry-after']?.trim()
  if (value === undefined) return undefined
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000
  const ms = Date.parse(value) - Date.parse(headers.date ?? '')
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}
