import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { createAgents, dropIdle, isStale } from './agents.ts'
import type { ProxyFor } from './environment.ts'
import type { Exchange } from './exchange.ts'
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
export function nodeExchange({ limits = phaseLimits, ...options }: NodeExchangeOptions): Exchange {
  const { secure, plain, tunnelFor } = createAgents({ ...options, connectMs: limits.connect })
  const shortest = Math.min(...Object.values(limits))

  /** Drives one request through its phases; every way out clears the timer and the abort listener. */
  return async ({ signal, url, method, headers, body, maxBytes = maxBodyBytes }) => {
    const isSecure = url.protocol === 'https:'
    const agent = (await tunnelFor?.(url)) ?? (isSecure ? secure : plain)
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const outgoing = (isSecure ? tlsRequest : plainRequest)(url, { method, headers, agent })
      let phase: Phase = outgoing.reusedSocket ? 'headers' : 'connect'
      let until = process.uptime() * 1_000 + limits[phase]

      const enter = (next: Phase) => {
        phase = next
        until = process.uptime() * 1_000 + limits[phase]
      }
      /** One timer for all phases, for to set and clear one takes 9 µs: it looks after the shortest, and again. */
      const look = () => {
        const left = until - process.uptime() * 1_000
        if (left <= 0) fail(phaseTimedOut(phase, url.host, limits[phase]))
        else timer = setTimeout(look, Math.min(left, shortest))
      }
      let timer = setTimeout(look, shortest)
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
      if (phase === 'connect') {
        const connected = isSecure ? 'secureConnect' : 'connect'
        outgoing.on('socket', (socket) => socket.once(connected, () => enter('headers')))
      }
      outgoing.on('error', (error) => {
        if (phase === 'body') return // the answer tells of itself what it lacks, and may lack nothing
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
}
