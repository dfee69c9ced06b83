import type { IncomingMessage } from 'node:http'
import { TransportError } from '../../errors.ts'
import { type Agents, createAgents } from '../agents.ts'
import type { FetchOptions } from '../fetch-options.ts'
import { type PhaseLimits, phaseLimits } from '../limits.ts'
import { type Hop, nextHop } from './redirect.ts'
import { abandon, type RequestBody, requestBody } from './request-body.ts'
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
  // Made by the first request, which learns of a proxy that is none as all after it do.
  let agents: Agents | undefined

  async function send(hop: Hop, signal: AbortSignal): Promise<IncomingMessage> {
    const { url, method, body } = hop
    agents ??= createAgents({ ...options, connectMs: limits.connect })
    const { secure, plain, tunnelFor } = agents
    const agent = (await tunnelFor?.(url)) ?? (url.protocol === 'https:' ? secure : plain)
    try {
      return await sendHop(hop, agent, limits, signal)
    } catch (error) {
      const isStale = error instanceof TransportError && error.staleConnection
      if (!isStale || !idempotent.has(method) || body?.stream !== undefined) throw error
      return sendHop(hop, agent, limits, signal)
    }
  }

  async function follow(request: Request, body: RequestBody | undefined): Promise<Response> {
    const { method, headers, redirect, signal } = request
    let hop: Hop = { url: new URL(request.url), method, headers: new Headers(headers), body }
    for (let redirects = 0; ; redirects++) {
      const incoming = await send(hop, signal)
      const next = redirect === 'manual' ? undefined : hopAfter(hop, incoming)
      if (next === undefined)
        return responseOf(incoming, { ...hop, redirected: redirects > 0, request, limits })
      if (redirect === 'error') throw astray(hop.url, incoming, "redirects, and redirect is 'error'")
      if (redirects === maxRedirects)
        throw astray(hop.url, incoming, `redirects more than ${maxRedirects} times`)
      drain(incoming)
      hop = next
    }
  }

  return async (request: Request, given?: RequestInit['body']): Promise<Response> => {
    let body: RequestBody | undefined
    try {
      request.signal.throwIfAborted()
      const { protocol } = new URL(request.url)
      if (!/^https?:$/.test(protocol)) throw new TypeError(`only http and https, not ${protocol}`)
      body = await requestBody(request, given)
      return await follow(request, body)
    } catch (error) {
      abandon(body?.stream ?? request.body, given, error)
      throw error
    }
  }
}

function hopAfter(hop: Hop, incoming: IncomingMessage): Hop | undefined {
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
