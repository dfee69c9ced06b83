import { TransportError } from '../errors.ts'
import { toAbortSignal } from '../internal/stop.ts'
import type { Exchange, HttpResponse } from './exchange.ts'
import { callGiven, untilAborted } from './given-fetch.ts'
import { bodyTooLarge, maxBodyBytes, type PhaseLimits, phaseLimits, phaseTimedOut } from './limits.ts'
import { toTransportError } from './transport-error.ts'

/** Exchanges over an injected `fetch`, under the same bounds as `node:https`. */
export function fetchExchange(fetch: typeof globalThis.fetch, limits: PhaseLimits = phaseLimits): Exchange {
  return async ({ url, method, headers, body, signal, maxBytes = maxBodyBytes }) => {
    if (signal?.aborted) throw signal.reason
    const late = new AbortController()
    const bounds = signal === undefined ? late.signal : AbortSignal.any([toAbortSignal(signal), late.signal])
    let timer = setTimeout(
      () => late.abort(phaseTimedOut('headers', url.host, limits.headers)),
      limits.headers,
    )
    try {
      const init = { method, headers, body: body ?? null, signal: bounds, redirect: 'manual' } as const
      const response = await callGiven(fetch, url, init)
      clearTimeout(timer)
      timer = setTimeout(() => late.abort(phaseTimedOut('body', url.host, limits.body)), limits.body)
      if (response.redirected) throw followedRedirect(url.host)
      return await untilAborted(readResponse(response, url.host, maxBytes, bounds), bounds)
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      throw toTransportError(error, url.host, false)
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Reads on for nobody once `signal` has aborted: leaving the loop cancels the body. */
async function readResponse(
  response: Response,
  host: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    signal.throwIfAborted()
    bytes += chunk.length
    if (bytes > maxBytes) throw bodyTooLarge(host, maxBytes)
    chunks.push(chunk)
  }
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.concat(chunks, bytes),
  }
}

/** It was told not to; what the address it went to has answered is nobody's token. */
function followedRedirect(host: string): TransportError {
  return new TransportError('ERR_RESPONSE_INVALID', `the given fetch followed a redirect of ${host}`, {
    retryable: false,
    hint: "give a fetch that honours redirect: 'manual'",
  })
}
