import { lazily } from '../internal/lazily.ts'
import type { FetchOptions } from './fetch-options.ts'

/**
 * `fetch` over `node:https`, for http and https, that honours `HTTPS_PROXY`, `NO_PROXY` and `ca`; the global one of
 * Node 20 knows none of them. Its code is loaded with the first request. Connections are kept alive, and keep no
 * process alive, nor does an answer whose body nobody reads. 10 s to connect, 300 s of silence after that.
 *
 * What differs from the global one: what fails does so with a TransportError that names the cause, in place of
 * `TypeError: fetch failed`. `response.type` is `default`, and a clone forgets `url` and `redirected`. A redirect sends
 * a body again that was whole when it was given (text, bytes, a file, a form), any other ends there. An idempotent
 * request whose kept-alive connection had been closed is sent once more. There is no cache, no `integrity` and no
 * `dispatcher`.
 *
 * @throws TransportError when no answer came; while a body is read too.
 * @throws TypeError for an address that is neither http nor https, and for what `Request` refuses.
 * @throws ConfigurationError `ERR_PROXY_INVALID`
 * @see https://fetch.spec.whatwg.org/
 */
export function createFetch(options: FetchOptions = {}): typeof globalThis.fetch {
  const send = createSend(options)
  return async (input, init) => {
    const taken = takeRequest(input, init)
    return send(taken.request, taken.init)
  }
}

/** Sends a request; `init` is what it was made of, where that is known. */
export type Send = (request: Request, init?: RequestInit) => Promise<Response>

/** What `createFetch` sends by. */
export function createSend(options: FetchOptions): Send {
  const load = lazily(async () => (await import('./fetch/node-fetch.ts')).nodeFetch(options))
  return async (request, init) => (await load())(request, init?.body)
}

export interface TakenRequest {
  readonly request: Request
  /** What the request was made of, where that is known; of a form a copy. */
  readonly init?: RequestInit | undefined
}

/** To be called before anything is waited for: the caller may go on to use what it gave. */
export function takeRequest(input: string | URL | Request, init?: RequestInit): TakenRequest {
  const request = input instanceof Request && init === undefined ? input : new Request(input, init)
  if (input instanceof Request) holding(input, request)
  if (!(init?.body instanceof FormData)) return { request, init }
  const body = new FormData()
  for (const [name, value] of init.body) body.append(name, value)
  return { request, init: { ...init, body } }
}

const origins = new WeakMap<object, Request>()

/**
 * A Request made of another follows its signal only as long as that other is not collected: holds it as long as what
 * was made. A clone does not follow even so, and needs the signal named.
 */
export function holding<Made extends object>(origin: Request, made: Made): Made {
  origins.set(made, origin)
  return made
}
