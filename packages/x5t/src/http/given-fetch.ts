import { TransportError } from '../errors.ts'

/**
 * Calls a `fetch` of the caller's. One that ignores its signal, or never settles, must not hold the caller either.
 *
 * @throws TransportError `ERR_RESPONSE_INVALID` for what is no Response; else what that `fetch` throws, and the signal's
 * reason once the signal has aborted.
 */
export async function callGiven(
  fetch: typeof globalThis.fetch,
  address: string | URL,
  init: RequestInit & { readonly signal: AbortSignal },
): Promise<Response> {
  const answer: unknown = await untilAborted(Promise.resolve(fetch(address, init)), init.signal)
  if (isResponse(answer)) return answer
  throw new TransportError('ERR_RESPONSE_INVALID', 'the given fetch gave no Response', { retryable: false })
}

/** It may be one of another library, which is no instance of the platform's. */
function isResponse(answer: unknown): answer is Response {
  const { status, headers } = Object(answer)
  return typeof status === 'number' && typeof headers?.get === 'function'
}

export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
