import type { Exchange } from '../http/exchange.ts'
import type { GraphError } from './graph-error.ts'

/** What an operation answers: an object, a number as text, or nothing (204). */
export interface Answer {
  readonly status: 200 | 201 | 204
  readonly body?: object | number
}

/** Guess: the type of every answer that is no error. */
const jsonType =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8'

export function answerResponse(exchange: Exchange, { status, body }: Answer): Response {
  if (body === undefined) return new Response(null, { status, headers: headersOf(exchange) })
  const type = typeof body === 'number' ? 'text/plain' : jsonType
  const headers = { ...headersOf(exchange), 'content-type': type, 'odata-version': '4.0' }
  return new Response(JSON.stringify(body), { status, headers })
}

export function errorResponse(exchange: Exchange, error: GraphError): Response {
  return new Response(JSON.stringify(errorBody(exchange, error)), {
    status: error.status,
    headers: {
      ...headersOf(exchange),
      'content-type': 'application/json',
      ...(error.status === 401 ? { 'www-authenticate': challenge(exchange.origin) } : {}),
    },
  })
}

/** Graph's own form, which the token endpoint does not share. */
export function errorBody(
  exchange: Exchange,
  { code, message }: Pick<GraphError, 'code' | 'message'>,
): object {
  const { 'request-id': id, 'client-request-id': clientId } = headersOf(exchange)
  // Entra: seconds, no zone.
  const date = new Date(exchange.receivedAt).toISOString().slice(0, 19)
  return { error: { code, message, innerError: { date, 'request-id': id, 'client-request-id': clientId } } }
}

function headersOf({ traceId, correlated, correlationId, receivedAt }: Exchange) {
  return {
    'cache-control': 'no-cache',
    date: new Date(receivedAt).toUTCString(),
    'request-id': traceId,
    // Guess: the server's id where the client sent none.
    'client-request-id': correlated ? correlationId : traceId,
    'x-content-type-options': 'nosniff',
  }
}

const challenge = (origin: string): string =>
  `Bearer realm="", authorization_uri="${origin}/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"`
