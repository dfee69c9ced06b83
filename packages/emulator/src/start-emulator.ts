import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { createApp } from './app.ts'
import type { App, AppName, NewApp, NewGrant } from './directory/app.ts'
import { demoSeed } from './directory/demo.ts'
import { createDirectory } from './directory/directory.ts'
import { plant, type Seed } from './directory/seed.ts'
import { describeCertificate } from './routes/admin.ts'
import { issueServerCertificate, openAuthority } from './tls/authority.ts'
import { createSigningKeys } from './token/signing-keys.ts'

export interface EmulatorOptions {
  /** Default: 0, a free port. Always on 127.0.0.1. */
  readonly port?: number | undefined
  /** Plain http, for clients that allow it. Default: false, https with a certificate authority of its own. */
  readonly http?: boolean | undefined
  /** Where the certificate authority is kept (`ca.pem`, and `ca-key.pem` with mode 0600). Default: in memory. */
  readonly caFolder?: string | undefined
  /** What the directory starts with. Default: `demoSeed`. */
  readonly seed?: Seed | undefined
  /** Lifetime of access tokens. Default: random, 3,600 to 5,400 s, as Entra does it. */
  readonly tokenLifetimeSeconds?: number | undefined
  /** Epoch milliseconds; the time by which everything is judged and issued. */
  readonly now?: (() => number) | undefined
}

export interface Emulator {
  /** `https://localhost:{port}`: the authority, without a slash at the end. */
  readonly url: string
  readonly port: number
  /** Certificate of the authority that signed the TLS certificate. Empty over http. */
  readonly caPem: string
  /** Of the first tenant. */
  readonly tenantId: string
  addApp(app: NewApp): Pick<App, 'appId' | 'objectId' | 'servicePrincipalId'>
  /** @throws TypeError unless it is a certificate, RangeError for an unknown app. */
  addCertificate(added: AppName & { certificate: string }): ReturnType<typeof describeCertificate>
  removeCertificate(removed: AppName & { keyId: string }): void
  grantRole(grant: NewGrant): void
  /** A new key signs from now on; the one before stays published until the next roll. */
  rollSigningKey(): Promise<void>
  /** Ends every connection; nothing is left that would keep the process alive. */
  stop(): Promise<void>
}

/**
 * Starts a local Entra on loopback.
 *
 * @throws TypeError for a seed that does not hold; whatever listening fails with (`EADDRINUSE`).
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, http = false, caFolder, seed = demoSeed, tokenLifetimeSeconds, now = Date.now } = options
  const directory = createDirectory()
  plant(seed, directory)
  const keys = await createSigningKeys(now)
  const app = createApp({
    directory,
    keys,
    now,
    tokenLifetimeSeconds: () => tokenLifetimeSeconds ?? randomInt(3_600, 5_401),
  })
  const { server, caPem } = await createServer(getRequestListener(app.fetch), { http, caFolder, now: now() })
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket.once('close', () => sockets.delete(socket))))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const actualPort = typeof address === 'object' && address !== null ? address.port : port

  return {
    url: `${http ? 'http' : 'https'}://localhost:${actualPort}`,
    port: actualPort,
    caPem,
    tenantId: directory.tenants[0]?.id ?? '',
    addApp(added) {
      const { appId, objectId, servicePrincipalId } = directory.addApp(added)
      return { appId, objectId, servicePrincipalId }
    },
    addCertificate: (added) => describeCertificate(directory.addCertificate(added)),
    removeCertificate: (removed) => directory.removeCertificate(removed),
    grantRole: (grant) => directory.grantRole(grant),
    rollSigningKey: () => keys.roll(),
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy() // closeAllConnections does not see those amid their TLS handshake
      await closed
    },
  }
}

async function createServer(
  listener: RequestListener,
  options: { http: boolean; caFolder: string | undefined; now: number },
): Promise<{ server: Server; caPem: string }> {
  if (options.http) return { server: createHttpServer(listener), caPem: '' }
  const authority = await openAuthority(options.caFolder, options.now)
  const { cert, key } = await issueServerCertificate(authority, options.now)
  return { server: createHttpsServer({ cert, key }, listener), caPem: authority.pem }
}
