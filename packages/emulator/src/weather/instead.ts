import { errorBody as graphErrorBody } from '../graph/answer.ts'
import { type Exchange, jsonResponse } from '../http/exchange.ts'
import { errorBody } from '../refusal/error-body.ts'
import { filled, type Refusal, refusal } from '../refusal/refusal.ts'
import type { ArmedFault, Situation } from './weather.ts'

/** Faults that answer in the service's place. */
export const instead = ['throttling', 'outage', 'html', 'empty'] as const

/** What the client reads instead of the service's answer. */
export function answerInstead(
  fault: ArmedFault<(typeof instead)[number]>,
  exchange: Exchange,
  { endpoint }: Situation,
): Response {
  if (fault.kind === 'throttling') {
    const headers = { 'retry-after': retryAfter(fault, exchange) }
    return jsonResponse(exchange, troubleBody(filled(refusal(90055)), exchange, endpoint), {
      status: 429,
      headers,
    })
  }
  if (fault.kind === 'html') return pageResponse(200, exchange)
  if (fault.kind === 'empty') return emptyResponse(200, exchange)
  const { status, body } = fault
  const response =
    body === 'json'
      ? jsonResponse(exchange, troubleBody(filled(refusal(90033)), exchange, endpoint), { status })
      : body === 'html'
        ? pageResponse(status, exchange)
        : emptyResponse(status, exchange)
  if (fault.retryAfterSeconds !== undefined)
    response.headers.set('retry-after', String(Math.ceil(fault.retryAfterSeconds)))
  return response
}

/** RFC 9110 section 10.2.3: seconds, or a date. */
function retryAfter(
  { retryAfterSeconds, retryAfterForm }: ArmedFault<'throttling'>,
  { receivedAt }: Exchange,
): string {
  return retryAfterForm === 'seconds'
    ? String(Math.ceil(retryAfterSeconds))
    : new Date(receivedAt + retryAfterSeconds * 1000).toUTCString()
}

/** Graph has error bodies of its own, as documented. */
function troubleBody(refused: Refusal, exchange: Exchange, endpoint: Situation['endpoint']): object {
  if (endpoint !== 'graph') return errorBody(refused, { ...exchange, now: exchange.receivedAt })
  return graphErrorBody(
    exchange,
    refused.status === 429
      ? { code: 'TooManyRequests', message: 'Too many requests' }
      : { code: 'ServiceUnavailable', message: 'The service is temporarily unavailable.' },
  )
}

/** Of a proxy or gateway on the way; it carries none of the service's headers. */
function pageResponse(status: number, { receivedAt }: Exchange): Response {
  const title = status === 200 ? 'Sign in to the network' : `${status} ${statusTexts[status] ?? ''}`.trim()
  const page = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`
  const headers = { date: new Date(receivedAt).toUTCString(), 'content-type': 'text/html; charset=utf-8' }
  return new Response(page, { status, headers })
}

const statusTexts: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

function emptyResponse(status: number, { receivedAt }: Exchange): Response {
  return new Response(null, { status, headers: { date: new Date(receivedAt).toUTCString() } })
}
