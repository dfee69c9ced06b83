import type { IncomingMessage } from 'node:http'
import { TransportError } from '../../errors.ts'
import { createAgents } from '../agents.ts'
import type { FetchOptions } from '../fetch-options.ts'
import { type PhaseLimits, phaseLimits } from '../limits.ts'
import { type Hop, nextHop } from './redirect.ts'
import { requestBody } from './request-body.ts'
import { responseOf } from './response.ts'
import { sendHop } from './send-hop.ts'

const maxRedirects = 20
/** An API may think for minutes; the same bounds as the global `fetch`. `body` is the longest silence within it. */
const fetchLimits: PhaseLimits = { connect: phaseLimits.connect, headers: 300_000, body: 300_000 }
/** A redirect whose own body is longer costs its connection. */
const maxDrainedBytes = 16_384
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

/** The work of `createFetch`; `given` is the body that the request was made of, where that is known. */
export function nodeFetch(options: FetchOptions, limits: PhaseLimits = fetchLimits) {
  const { secure, plain, tunnelFor } = createAgents({ ...options, connectMs: limits.connect })

  async function send(hop: Hop, signal: AbortSignal): Promise<IncomingMessage> {
    const { url, method, body } = hop
    const agent = (await tunnelFor?.(url)) ?? (url.protocol === 'https:' ? secure : plain)
    try {
      return await sendHop(hop, agent, limits, signal)
    } catch (error) {
      const isStale = error instanceof TransportError && error.staleConnection
      if (!isStale || !idempotent.has(method) || body?.stream !== undefined) throw error
      return sendHop(hop, agent, limits, signal)
    }
  }

  return async (request: Request, given?: RequestInit['body']): Promise<Response> => {
    const { method, headers, redirect, signal } = request
    signal.throwIfAborted()
    const first = new URL(request.url)
    if (!/^https?:$/.test(first.protocol)) throw new TypeError(`only http and https, not ${first.protocol}`)

    let hop: Hop = {
      url: first,
      method,
      headers: new Headers(headers),
      body: await requestBody(request, given),
    }
    for (let redirects = 0; ; redirects++) {
      const incoming = await send(hop, signal)
      const next = redirect === 'manual' ? undefined : follow(hop, incoming)
      if (next === undefined)
        return responseOf(incoming, { ...hop, redirected: redirects > 0, request, limits })
      if (redirect === 'error') throw astray(hop.url, incoming, "redirects, and redirect is 'error'")
      if (redirects === maxRedirects)
        throw astray(hop.url, incoming, `redirects more than ${maxRedirects} times`)
      drain(incoming)
      hop = next
    }
  }
}

function follow(hop: Hop, incoming: IncomingMessage): Hop | undefined {
  const next = nextHop(hop, incoming.statusCode ?? 0, incoming.headers.location)
  if (typeof next === 'string') throw astray(hop.url, incoming, next)
  return next
}

function astray({ host }: URL, incoming: IncomingMessage, clause: string): TransportError {
  incoming.destroy()
  return new TransportError('ERR_RESPONSE_INVALID', `${host} ${clause}`, { retryable: false })
}

function drain(incoming: IncomingMessage): void {
  incoming.on('error', () => {}) // nobody reads it
  if (Number(incoming.headers['content-length'] ?? Number.NaN) <= maxDrainedBytes) incoming.resume()
  else incoming.destroy()
}
