import { type ErrorCode, TokenEndpointError } from '../errors.ts'
import type { HttpResponse } from '../http/exchange.ts'
import { echoes, excerpt, mask, maxShownChars, unlessEchoed } from '../internal/redact.ts'
import { retryAfterMs } from '../internal/retry-after.ts'
import type { Answer, AnswerContext } from './answer.ts'
import { withoutTokens } from './without-tokens.ts'

/**
 * The error for an answer that is no token: what the service says, without anything it may echo of the request.
 *
 * @param flaw - Why an answer with status 200 is none, one clause.
 */
export function refusal(
  given: Answer,
  flaw: string,
  { host, now, explain, assertion }: AnswerContext,
): TokenEndpointError {
  const answer = withoutEcho(given, assertion)
  const { status, headers, wire = {} } = answer
  if (status === 200) {
    const said =
      answer.wire === undefined ? `, but ${flaw}: ${describe(answer)}` : ` ${unlessEchoed(flaw, assertion)}`
    return invalid(answer, `${host} answered 200${said}`)
  }
  const error = text(wire.error)
  const transient = status === 408 || status === 429 || status >= 500 || error === 'temporarily_unavailable'
  if (status >= 300 && status < 400) return redirect(answer, host)
  if (error === undefined && !transient) {
    return invalid(answer, `${host} answered ${status}: ${describe(answer)}`)
  }

  const errorDescription = description(wire.error_description)
  const errorCodes = numbers(wire.error_codes, errorDescription)
  const { summary, hint } = explain(errorCodes)
  const said = [error && excerpt(error), errorDescription && excerpt(errorDescription, 160)]
    .filter(Boolean)
    .join(': ')
  const message = `${summary ?? `${host} answered ${status}`} (${said || describe(answer)})`
  return new TokenEndpointError(codeOf(status, transient), message, {
    status,
    error,
    errorDescription,
    errorCodes,
    suberror: text(wire.suberror),
    claims: claims(wire.claims, assertion),
    correlationId: text(wire.correlation_id) ?? text(headers['client-request-id']),
    traceId: text(wire.trace_id) ?? text(headers['x-ms-request-id']),
    retryAfterMs: retryAfterMs(headers, now),
    retryable: transient,
    hint,
  })
}

/** An answer as it may be shown. */
interface Told extends HttpResponse {
  readonly wire: Answer['wire']
}

/** Long runs are masked where they are shown; this is for tokens that are none, and for an echo in pieces. */
function withoutEcho(answer: Answer, assertion: string): Told {
  const told = <T>(value: T) => (typeof value === 'string' ? unlessEchoed(value, assertion) : value)
  const each = <T>(members: Readonly<Record<string, T>>): Record<string, T | string> =>
    Object.fromEntries(Object.entries(members).map(([name, value]) => [name, told(value)]))
  const start = withoutTokens(answer.body.toString('utf8', 0, maxShownChars))
  return {
    ...answer,
    headers: each(answer.headers),
    wire: answer.wire && each(answer.wire),
    body: Buffer.from(told(start)),
  }
}

/** Media type and first characters of an answer nobody expected, fit for a message. */
function describe({ headers, body }: HttpResponse): string {
  const type = excerpt(headers['content-type'] ?? 'no content type')
  const encoding = headers['content-encoding'] ?? 'identity'
  const format = encoding === 'identity' ? type : `${type} in ${excerpt(encoding, 20)}`
  return body.length === 0
    ? `${format}, empty`
    : `${format}, begins ${JSON.stringify(excerpt(body.toString('utf8')))}`
}

/** An answer that is neither a token nor a refusal: something else is talking. */
function invalid({ status }: HttpResponse, message: string): TokenEndpointError {
  return new TokenEndpointError('ERR_RESPONSE_INVALID', message, {
    status,
    hint: 'check the authority, and whether a proxy or a login page stands in between',
  })
}

/** Names the host alone: the rest of such an address is often a credential. */
function redirect(answer: Told, host: string): TokenEndpointError {
  const { location = '' } = answer.headers
  const target = URL.canParse(location) ? ` to ${excerpt(new URL(location).origin)}` : ''
  const message = `${host} answered ${answer.status}, a redirect${target}; a client assertion goes nowhere else`
  return invalid(answer, message)
}

function codeOf(status: number, transient: boolean): ErrorCode {
  if (status === 429) return 'ERR_ENTRA_THROTTLED'
  return transient ? 'ERR_ENTRA_UNAVAILABLE' : 'ERR_ENTRA_REFUSED'
}

function text(value: unknown, maxChars = 200): string | undefined {
  return typeof value === 'string' && value !== '' ? mask(withoutTokens(value)).slice(0, maxChars) : undefined
}

/** Up to the trace lines, which have fields of their own. Entra: they follow a space today, CRLF until 2023. */
function description(value: unknown): string | undefined {
  return typeof value === 'string' ? text(value.split(/(?:\r\n| )Trace ID:/)[0], 2_000) : undefined
}

/** Must reach the caller unchanged, so it is all or nothing: a JSON object of a size to look at, and no JWT in it. */
function claims(value: unknown, assertion: string): string | undefined {
  if (typeof value !== 'string' || value.length > maxShownChars || echoes(value, assertion)) return undefined
  return /^\s*\{/.test(value) && !/eyJ[\w-]{16,}\./.test(value) ? value : undefined
}

/** Entra: `error_codes`; the description begins with the number where a gateway has dropped them. */
function numbers(value: unknown, errorDescription = ''): number[] {
  const [, named] = /^AADSTS(\d{1,9}):/.exec(errorDescription) ?? []
  if (!Array.isArray(value)) return named === undefined ? [] : [Number(named)]
  return value
    .filter((item) => typeof item !== 'object')
    .map(Number)
    .filter(Number.isSafeInteger)
}
