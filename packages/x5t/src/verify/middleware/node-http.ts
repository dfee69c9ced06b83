import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AccessTokenClaims } from '../claims.ts'
import type { Admissions, Authenticated } from './admissions.ts'
import type { Guard } from './guard.ts'
import type { Refusal } from './refusal.ts'

export type NodeHttpListener<Request extends IncomingMessage = IncomingMessage> = (
  request: Request,
  response: ServerResponse,
) => void

/** Connect's shape, which Express has too. */
export type ExpressMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

export function nodeHttpListener<Claims extends AccessTokenClaims>(
  guard: Guard<Claims>,
  { admit }: Admissions<Claims>,
  listener: NodeHttpListener<IncomingMessage & Authenticated<Claims>>,
): NodeHttpListener {
  return (request, response) => {
    guard(request.headers.authorization).then(
      ({ token, refusal }) => {
        if (refusal === undefined) listener(admit(request, token), response)
        else answer(response, refusal)
      },
      () => response.writeHead(500).end(),
    )
  }
}

export function expressMiddleware<Claims extends AccessTokenClaims>(
  guard: Guard<Claims>,
  { admit }: Admissions<Claims>,
): ExpressMiddleware {
  return (request, response, next) => {
    guard(request.headers.authorization).then(({ token, refusal }) => {
      if (refusal !== undefined) return answer(response, refusal)
      admit(request, token)
      next()
    }, next)
  }
}

function answer(response: ServerResponse, { status, headers, body }: Refusal): void {
  response.writeHead(status, headers).end(body)
}
