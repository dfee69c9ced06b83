import { type Agent, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { createAgents, dropIdle, isStale } from './agents.ts'
import type { ProxyFor } from './environment.ts'
import type { Exchange, HttpRequest, HttpResponse } from './exchange.ts'
import {
  bodyTooLarge,
  maxBodyBytes,
  type Phase,
  type PhaseLimits,
  phaseLimits,
  phaseTimedOut,
} from './limits.ts'
import { toTransportError } from './transport-error.ts'

export interface NodeExchangeOptions {
  /** CA certificates to trust besides the usual ones, PEM. */
  readonly ca?: string | readonly string[] | undefined
  readonly limits?: PhaseLimits | undefined
  /** Default: as the environment says. `false`: never. */
  readonly proxyFor?: ProxyFor | false | undefined
}

/**
 * Exchanges over `node:https`, connections kept alive. Not over global `fetch`: that costs a short process 20-40 ms
 * more to the first token, and Node 20's hangs for ever on a body that is not what its `Content-Encoding` says.
 */
export function nodeExchange(options: NodeExchangeOptions): Exchange {
  const { limits = phaseLimits } = options
  const { secure, plain, tunnelFor } = createAgents({ ...options, connectMs: limits.connect })
  return async (request) => {
    const { url } = request
    const tunnel = tunnelFor?.(url)
    if (tunnel !== undefined) return exchangeOver(await tunnel, request, limits)
    return exchangeOver(url.protocol === 'https:' ? secure : plain, request, limits)
  }
}

/** Drives one request through its phases; every way out clears the timer and the abort listener. */
function exchangeOver(agent: Agent, request: HttpRequest, limits: PhaseLimits): Promise<HttpResponse> {
  const { signal, url, method, headers, body, maxBytes = maxBodyBytes } = request
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const outgoing = (url.protocol === 'https:' ? tlsRequest : plainRequest)(url, { method, headers, agent })
    let timer: NodeJS.Timeout | undefined

    const enter = (phase: Phase) => {
      clearTimeout(timer)
      timer = setTimeout(() => fail(phaseTimedOut(phase, url.host, limits[phase])), limits[phase])
    }
    const abort = () => fail(signal?.reason)
    const settle = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    const fail = (reason: unknown) => {
      settle()
      reject(reason)
      outgoing.destroy()
    }

    signal?.addEventListener('abort', abort, { once: true })
    enter('connect')
    outgoing.on('socket', (socket) => {
      if (outgoing.reusedSocket) return enter('headers')
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => enter('headers'))
    })
    outgoing.on('error', (error) => {
      const stale = isStale(outgoing, error)
      if (stale) dropIdle(agent)
      fail(toTransportError(error, url.host, stale))
    })
    // Nobody asked for one, and without a listener Node ends it without an error.
    outgoing.on('upgrade', () =>
      fail(toTransportError(new Error('it changed the protocol'), url.host, false)),
    )
    outgoing.on('response', (incoming) => {
      enter('body')
      const chunks: Buffer[] = []
      let bytes = 0
      // Not `for await`, which costs more than all else that is done with an answer here.
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > maxBytes) fail(bodyTooLarge(url.host, maxBytes))
        else chunks.push(chunk)
      })
      incoming.on('error', (error) => fail(toTransportError(error, url.host, false)))
      incoming.on('end', () => {
        settle()
        const joined: Record<string, string> = {}
        for (const [name, value] of Object.entries(incoming.headers)) joined[name] = String(value)
        resolve({ status: incoming.statusCode ?? 0, headers: joined, body: Buffer.concat(chunks, bytes) })
      })
    })
    outgoing.end(body)
  })
}
