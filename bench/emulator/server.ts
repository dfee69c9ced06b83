/**
 * One authorization server in a process of its own. The job comes by IPC; what it cost comes back on `report`. A file of
 * its own per contestant would start the same way three times.
 */

/** What a server needs to know of the client that will ask it. */
export interface Job {
  readonly name: Name
  readonly clientId: string
  /** PEM. */
  readonly certificate: string
  /** Public key of the certificate. */
  readonly jwk: object
}

export type Name = keyof typeof servers

/** Started: the token endpoint, and what the form must say besides the assertion. */
export interface Started {
  readonly tokenEndpoint: string
  /** `aud` of the assertion. */
  readonly audience: string
  readonly fields: Readonly<Record<string, string>>
  /** PEM; undefined over http. */
  readonly ca?: string
}

const servers = {
  x5t: (job: Job) => startX5t(job, true),
  'x5t over https': (job: Job) => startX5t(job, false),
  async 'oidc-provider'({ clientId, jwk }: Job): Promise<Started> {
    const { startOidcProvider } = await import('../../test/strangers/start-oidc-provider.ts')
    const resource = 'urn:cars'
    const { issuer } = await startOidcProvider(
      {
        client_id: clientId,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ ...jwk, use: 'sig', kid: 'one' }] },
      },
      {
        clientAuthMethods: ['private_key_jwt'],
        features: {
          // So that it signs a token too, by RS256, as Entra does.
          resourceIndicators: {
            enabled: true,
            getResourceServerInfo: () => ({
              scope: 'read',
              accessTokenFormat: 'jwt',
              jwt: { sign: { alg: 'RS256' } },
            }),
          },
        },
      },
    )
    return { tokenEndpoint: `${issuer}/token`, audience: issuer, fields: { scope: 'read', resource } }
  },
  /** It asks nobody who they are: what it does is sign. */
  async 'oauth2-mock-server'(): Promise<Started> {
    const { OAuth2Server } = await import('oauth2-mock-server')
    const server = new OAuth2Server()
    await server.issuer.keys.generate('RS256')
    await server.start(0, '127.0.0.1')
    const origin = `http://127.0.0.1:${server.address().port}`
    return { tokenEndpoint: `${origin}/token`, audience: origin, fields: { scope: 'read' } }
  },
}

async function startX5t({ clientId, certificate }: Job, http: boolean): Promise<Started> {
  const { startEmulator } = await import('@x5t/emulator')
  const entra = await startEmulator({ http })
  const { appId } = entra.addApp({ name: 'cars', accessTokenVersion: 2 })
  entra.addApp({ name: 'client', appId: clientId, certificates: [certificate] })
  const tokenEndpoint = `${entra.url}/${entra.tenantId}/oauth2/v2.0/token`
  const fields = { scope: `${appId}/.default` }
  return { tokenEndpoint, audience: tokenEndpoint, fields, ...(http ? {} : { ca: entra.caPem }) }
}

process.once('message', async (job: Job) => {
  process.send?.(await servers[job.name](job))
  process.on('message', () => process.send?.(process.cpuUsage()))
})
