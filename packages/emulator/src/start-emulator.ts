import { once } from 'node:events'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { createApp, errorResponse } from './app.ts'
import { createControl } from './directory/control.ts'
import { demoSeed } from './directory/demo.ts'
import { plant } from './directory/seed.ts'
import type { Emulator, EmulatorOptions } from './emulator.ts'
import { createExchange } from './http/exchange.ts'
import { answerMalformedRequest } from './http/malformed-request.ts'
import { Refused, refusal } from './refusal/refusal.ts'
import { issueServerCertificate, openAuthority, type ServerCertificate } from './tls/authority.ts'
import { longestDefaultLifetime } from './token/lifetime.ts'
import { createSigningKeys } from './token/signing-keys.ts'

const loopbackAddresses: readonly string[] = ['127.0.0.1', '::1', 'localhost']

/** TLS clients judge certificates by their own clock, so the emulator's movable one has no say there. */
const machineClock = Date.now

/**
 * Starts a local Entra on loopback and resolves when it answers.
 *
 * @throws DefinitionError for a seed that does not hold, TypeError for an address beyond this machine, and the
 * system's own error (`EADDRINUSE`, `EACCES`) for a port or folder that cannot be had.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { host = '127.0.0.1', port = 0, now = Date.now, onJudgement = () => {} } = options
  if (!loopbackAddresses.includes(host))
    throw new TypeError(`host must be one of ${loopbackAddresses.join(', ')}`)
  const seed = options.seed ?? demoSeed
  const directory = plant(seed, now)
  const control = createControl(directory, seed, now)
  const longestLifetime = Math.max(options.tokenLifetimeSeconds ?? 0, longestDefaultLifetime)
  const [signingKeys, tls] = await Promise.all([
    createSigningKeys({ now, longestLifetimeMs: longestLifetime * 1000 }),
    options.http ? undefined : createTls(options.caFolder),
  ])

  const app = createApp({ directory, control, signingKeys, now, lifetime: options, onJudgement })
  const server = createServer(app.fetch, tls?.certificate, now)
  // The server's own closeAllConnections does not see those amid their TLS handshake.
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket.once('close', () => sockets.delete(socket))))
  server.listen(port, host)
  await once(server, 'listening')

  return {
    url: urlOf(server),
    port: portOf(server),
    caPem: tls?.caPem ?? '',
    tenantId: directory.tenants()[0]?.id ?? '',
    ...control,
    rollSigningKey: async () => ({ kid: (await signingKeys.roll()).kid }),
    async stop() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

async function createTls(caFolder: string | undefined) {
  const now = machineClock()
  const authority = await openAuthority(caFolder, now)
  return { certificate: await issueServerCertificate(authority, now), caPem: authority.pem }
}

function createServer(
  fetch: Parameters<typeof getRequestListener>[0],
  tls: ServerCertificate | undefined,
  now: () => number,
): Server {
  const answer = getRequestListener(fetch, {
    // Whoever embeds the emulator keeps the Request and Response that Node gave it.
    overrideGlobalObjects: false,
    errorHandler: () => errorResponse(unaddressed(), new Refused(refusal(9002313))),
  })
  const server = tls === undefined ? createHttpServer(answer) : createHttpsServer(tls, answer)
  /** The exchange of a request that does not say whom it asks. */
  const unaddressed = () => createExchange(urlOf(server), new Headers(), now())
  server.on('clientError', (error, socket) => answerMalformedRequest(error, socket, unaddressed()))
  return server
}

function urlOf(server: Server): string {
  return `${server instanceof HttpsServer ? 'https' : 'http'}://localhost:${portOf(server)}`
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
