import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { errorResponse } from './app.ts'
import { createExchange } from './http/exchange.ts'
import { answerMalformedRequest } from './http/malformed-request.ts'
import { createWire, type Wire } from './http/wire.ts'
import { Refused, refusal } from './refusal/refusal.ts'
import type { ServerCertificate } from './tls/authority.ts'

/** A server that is not listening yet, and the connections it has. */
export interface EmulatorServer {
  readonly server: Server
  /** TCP connections, also those amid their TLS handshake: the server's own closeAllConnections does not see these. */
  readonly sockets: ReadonlySet<Socket>
}

/**
 * @param options.fetch - Answers every request; `wire` is its connection.
 * @param options.tls - Undefined for plain http.
 * @param options.now - Epoch milliseconds.
 * @param options.headers - Of answers to what is not even a request.
 */
export function createServer(options: {
  fetch: (request: Request, env: { wire: Wire }) => Response | Promise<Response>
  tls: ServerCertificate | undefined
  now: () => number
  headers: () => Readonly<Record<string, string>>
}): EmulatorServer {
  const { fetch, tls, now, headers } = options
  const sockets = new Set<Socket>()
  const answer = getRequestListener(
    (request, env) => {
      const { incoming, outgoing } = env as { incoming: IncomingMessage; outgoing: ServerResponse } // as: no HTTP/2 here
      const { remotePort } = incoming.socket
      // Under TLS a request knows its secure socket only.
      const rawSocket = () => [...sockets].find((socket) => socket.remotePort === remotePort)
      return fetch(request, { wire: createWire(outgoing, rawSocket) })
    },
    {
      // Whoever embeds the emulator keeps the Request and Response that Node gave it.
      overrideGlobalObjects: false,
      errorHandler: () => errorResponse(unaddressed(), new Refused(refusal(9002313))),
    },
  )
  const server = tls === undefined ? createHttpServer(answer) : createHttpsServer(tls, answer)
  /** The exchange of a request that does not say whom it asks. */
  const unaddressed = () => createExchange(urlOf(server), new Headers(), now())
  server.on('clientError', (error, socket) => answerMalformedRequest(error, socket, unaddressed(), headers()))
  server.on('connection', (socket) => sockets.add(socket.once('close', () => sockets.delete(socket))))
  return { server, sockets }
}

/** `https://localhost:{port}` of a server that listens, or with its address where that name does not reach it. */
export function urlOf(server: Server): string {
  const listening = server.address()
  const address = typeof listening === 'object' ? listening?.address : undefined
  const host = address === undefined || reachedByName.includes(address) ? 'localhost' : address
  const written = host.includes(':') ? `[${host}]` : host
  return `${server instanceof HttpsServer ? 'https' : 'http'}://${written}:${portOf(server)}`
}

const reachedByName: readonly string[] = ['127.0.0.1', '::1', '0.0.0.0', '::']

export function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
