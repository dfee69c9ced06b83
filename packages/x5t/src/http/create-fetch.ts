import { lazily } from '../internal/lazily.ts'
import type { FetchOptions } from './fetch-options.ts'

/**
 * `fetch` over `node:https`, for http and https, that honours `HTTPS_PROXY`, `NO_PROXY` and `ca`; the global one of
 * Node 20 knows none of them. Its code is loaded with the first request. Connections are kept alive, and keep no
 * process alive, nor does an answer whose body nobody reads. 10 s to connect, 300 s of silence after that.
 *
 * What differs from the global one: what fails does so with a TransportError that names the cause, in place of
 * `TypeError: fetch failed`. `response.type` is `default`, and a clone forgets `url` and `redirected`. A redirect sends
 * a body again that was whole when it was given (text, bytes, a form), any other ends there. An idempotent request
 * whose kept-alive connection had been closed is sent once more. There is no cache, no `integrity` and no `dispatcher`.
 *
 * @throws TransportError when no answer came; while a body is read too.
 * @throws TypeError for an address that is neither http nor https, and for what `Request` refuses.
 * @throws ConfigurationError `ERR_PROXY_INVALID`
 * @see https://fetch.spec.whatwg.org/
 */
export function createFetch(options: FetchOptions = {}): typeof globalThis.fetch {
  const load = lazily(async () => (await import('./fetch/node-fetch.ts')).nodeFetch(options))
  return async (input, init) => {
    // Made at once, for what `init` holds may change while code is loaded. Not a copy without need: a copy follows the
    // signal of the original only as long as that is not collected.
    const request = input instanceof Request && init === undefined ? input : new Request(input, init)
    return (await load())(request, init?.body)
  }
}
