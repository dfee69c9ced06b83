import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import type { Client } from 'x5t'
import { appServiceRoutes } from './app-service.ts'

export interface BrokerOptions {
  /** Whose tokens are served. */
  readonly client: Pick<Client, 'getToken'>
  /** The client id of that client; a request may name it, and no other. */
  readonly clientId: string
  /** Default: 0, a free port. Always on 127.0.0.1. */
  readonly port?: number | undefined
}

export interface Broker {
  readonly url: string
  /** What a process needs in its environment. `IDENTITY_HEADER` is a secret: who has it gets tokens. */
  readonly environment: { readonly IDENTITY_ENDPOINT: string; readonly IDENTITY_HEADER: string }
  stop(): Promise<void>
}

/**
 * Serves a client's tokens to any SDK in any language that knows managed identities, by the protocol of
 * App Service 2019-08-01. Loopback only, and only to those who know the header.
 */
export async function startBroker({ client, clientId, port = 0 }: BrokerOptions): Promise<Broker> {
  const header = randomBytes(32).toString('base64url')
  const app = appServiceRoutes({ client, clientId, header })
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port })
  if (!server.listening) await once(server, 'listening')
  const { port: actualPort } = server.address() as AddressInfo // a TCP server that listens has one
  const url = `http://127.0.0.1:${actualPort}`
  return {
    url,
    environment: { IDENTITY_ENDPOINT: `${url}/msi/token`, IDENTITY_HEADER: header },
    async stop() {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
