import { Readable } from 'node:stream'
import { scopeOf } from '../entra/resources.ts'
import { holding, type Send, type TakenRequest } from '../http/create-fetch.ts'
import { abandon, requestBody } from '../http/fetch/request-body.ts'
import { events } from '../internal/events.ts'
import type { AccessToken } from '../token/access-token.ts'
import { challengedClaims } from './claims.ts'
import type { TokenFor } from './options.ts'

/**
 * `fetch` with a token attached. The scope is the address's own unless it is named.
 *
 * @throws TypeError for an address that is neither https nor loopback: a token must not travel in the clear.
 */
export type AuthorizedFetch = (
  input: string | URL | Request,
  init?: AuthorizedRequestInit,
) => Promise<Response>

export interface AuthorizedRequestInit extends RequestInit {
  /** `{resource}/.default`. Default: the service behind the host, else the origin of the address. */
  readonly scope?: string | undefined
}

/** A token is refused once at most: a second challenge reaches the caller as the 401 it is. */
export function createAuthorizedFetch(tokenFor: TokenFor, send: Send) {
  return async (taken: TakenRequest, named: string | undefined): Promise<Response> => {
    try {
      return await answerTo(taken, named)
    } catch (error) {
      abandon(taken.request.body, taken.init?.body, error)
      throw error
    }
  }

  async function answerTo({ request, init }: TakenRequest, named: string | undefined): Promise<Response> {
    const url = new URL(request.url)
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
      throw new TypeError(`a token is sent over https or to loopback, not to ${url.origin}`)
    }
    const wanted = { scope: named ?? scopeOf(url), signal: request.signal, answersChallenges: true }
    const again = await copyOf(request, init?.body)

    const first = await sendWith(request, init, await tokenFor(wanted))
    const challenges = first.status === 401 && isFrom(url, first)
    const claims = challenges ? challengedClaims(first.headers.get('www-authenticate')) : undefined
    if (claims === undefined) return first
    events.challenge.publish({ origin: url.origin, scope: wanted.scope })
    const renewed = tokenFor({ ...wanted, claims })
    // A redirect is an answer to what was sent: it was carried out, and is not sent twice.
    const isDone = first.redirected && !/^(GET|HEAD)$/.test(request.method)
    if (again === undefined || isDone) {
      await renewed.catch(() => {}) // x5t:response says why; whoever sends anew is challenged again
      if (request.signal.aborted) leaveBody(first)
      request.signal.throwIfAborted()
      return first
    }
    leaveBody(first)
    return sendWith(again, init, await renewed)
  }

  function sendWith(request: Request, init: RequestInit | undefined, token: AccessToken): Promise<Response> {
    request.headers.set('authorization', `Bearer ${token.accessToken}`)
    return send(request, init)
  }
}

/**
 * What is sent again after a challenge. None of a stream, which is read once: keeping it could mean keeping gigabytes,
 * so a challenge to it stays a 401, and the next call has the new token. A Request hides what its body is; what there
 * is at once is kept of it.
 */
async function copyOf(request: Request, given: RequestInit['body']): Promise<Request | undefined> {
  if (Symbol.asyncIterator in Object(given)) return undefined
  const { signal } = request
  const anew = (input: Request, init: RequestInit) => holding(request, new Request(input, init))
  if (given instanceof Blob) return anew(request, { body: given }) // it may be a file: read again, not kept
  const copy = request.clone()
  if (request.body === null || (given ?? undefined) !== undefined) return anew(copy, { signal })
  const body = await requestBody(copy)
  if (body?.stream === undefined) return anew(copy, { signal, body: body?.whole ?? null })
  // Both halves of a cloned body are kept until they are read. What fails is told to whoever reads the request.
  body.stream.cancel().catch(() => {})
  return undefined
}

/** It says nothing that is needed, and may be broken, or hang. An injected `fetch` may give a stream of Node. */
function leaveBody({ body }: { readonly body: unknown }): void {
  if (body instanceof ReadableStream) body.cancel().catch(() => {})
  else if (body instanceof Readable) body.on('error', () => {}).destroy()
}

/** Where a redirect has led elsewhere, a stranger says what it wants. An injected `fetch` may leave the address out. */
function isFrom(url: URL, response: { readonly url?: string }): boolean {
  const from = response.url || url.href
  return URL.canParse(from, url.href) && new URL(from, url).origin === url.origin
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}
