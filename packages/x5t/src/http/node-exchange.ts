import type { ClientRequest, IncomingMessage } from 'node:http'
import { type Agent, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
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
import { trusting } from './trust.ts'

/**
 * Exchanges over `node:https`, connections kept alive. Not over global `fetch`: that costs a short process 20-40 ms
 * more to the first token, and Node 20's hangs for ever on a body that is not what its `Content-Encoding` says.
 */
export function nodeExchange(options: {
  ca?: string | readonly string[] | undefined
  limits?: PhaseLimits | undefined
}): Exchange {
  const { ca, limits = phaseLimits } = options
  const secure = new TlsAgent({ keepAlive: true, ...trusting(ca) })
  const plain = new PlainAgent({ keepAlive: true })

  return (request) => {
    const { url, method, headers } = request
    const send = url.protocol === 'https:' ? tlsRequest : plainRequest
    const agent = url.protocol === 'https:' ? secure : plain
    return exchangeOver(() => send(url, { method, headers, agent }), agent, request, limits)
  }
}

/** Drives one request through its phases; every way out clears the timer and the abort listener. */
function exchangeOver(
  open: () => ClientRequest,
  agent: Agent,
  request: HttpRequest,
  limits: PhaseLimits,
): Promise<HttpResponse> {
  const { signal, url } = request
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const outgoing = open()
    let timer: NodeJS.Timeout | undefined
    let answered = false

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
    // Without an error of its own, as when the server switches to a protocol that nobody asked for.
    outgoing.on('close', () => {
      if (!answered) fail(toTransportError(new Error('connection closed'), url.host, false))
    })
    outgoing.on('response', (incoming) => {
      answered = true
      enter('body')
      readBody(incoming, url.host).then(
        (body) => {
          settle()
          resolve({ status: incoming.statusCode ?? 0, headers: joined(incoming.headers), body })
        },
        (error) => fail(toTransportError(error, url.host, false)),
      )
    })
    outgoing.end(request.body)
  })
}

/** Node reports a kept-alive connection that the server has closed as a reset of the request that found out. */
function isStale(outgoing: ClientRequest, error: Error): boolean {
  return outgoing.reusedSocket && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}

/** Where one idle connection is dead the others mostly are too; the next request begins a fresh one. */
function dropIdle({ freeSockets }: Agent): void {
  for (const socket of Object.values(freeSockets).flat()) socket?.destroy()
}

async function readBody(incoming: IncomingMessage, host: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) throw bodyTooLarge(host)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, bytes)
}

function joined(headers: IncomingMessage['headers']): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
}
