import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type ClientMetadata, type Configuration } from 'oidc-provider'

/** An oidc-provider on loopback that grants client credentials to one client. */
export async function startOidcProvider(
  client: ClientMetadata,
  { features, ...configuration }: Configuration,
): Promise<{ readonly issuer: string; stop(): void }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server that listens has one
  const issuer = `http://127.0.0.1:${port}`
  const provider = new Provider(issuer, {
    clients: [{ grant_types: ['client_credentials'], redirect_uris: [], response_types: [], ...client }],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false }, ...features },
    ...configuration,
  })
  server.on('request', provider.callback())
  return {
    issuer,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}
