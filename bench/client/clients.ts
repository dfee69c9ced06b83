/** The contestants behind one face: a token for a scope. */
import { constants, createPrivateKey, randomUUID, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { promisify } from 'node:util'

export interface Setting {
  readonly url: string
  /** Key and certificate, PEM. */
  readonly path: string
  readonly thumbprintSha256Hex: string
}

export type GetToken = (scope: string) => Promise<unknown>
export type Contestant = (setting: Setting, tenant?: string) => Promise<GetToken>

const clientId = '6731de76-14a6-49ae-97bc-6eba6914391e'
const tenantId = '8c5a3a1e-6c1f-4d0b-9a54-0f6c1d2b7e31'

export const contestants = {
  async x5t({ url, path }: Setting, tenant: string = tenantId) {
    const { createClient, loadCredential } = await import('x5t')
    const client = createClient({
      tenant,
      authority: url,
      clientId,
      credential: await loadCredential({ path }),
      maxCachedTokens: 200_000,
    })
    return (scope: string) => client.getToken({ scope })
  },
  async msal({ url, path, thumbprintSha256Hex }: Setting, tenant: string = tenantId) {
    const { ConfidentialClientApplication } = await import('@azure/msal-node')
    const app = new ConfidentialClientApplication({
      auth: {
        clientId,
        authority: `${url}/${tenant}`,
        knownAuthorities: [new URL(url).host],
        clientCertificate: { thumbprintSha256: thumbprintSha256Hex, privateKey: readFileSync(path, 'utf8') },
      },
    })
    return (scope: string) => app.acquireTokenByClientCredential({ scopes: [scope] })
  },
  async identity({ url, path }: Setting, tenant: string = tenantId) {
    const { ClientCertificateCredential } = await import('@azure/identity')
    const credential = new ClientCertificateCredential(tenant, clientId, path, {
      authorityHost: url,
      disableInstanceDiscovery: true,
    })
    return (scope: string) => credential.getToken(scope)
  },
  /** The floor: what any client must do, and nothing else. Remembers nothing. */
  async bare({ url, path, thumbprintSha256Hex }: Setting, tenant: string = tenantId) {
    const key = createPrivateKey(readFileSync(path))
    const agent = new Agent({ keepAlive: true })
    const endpoint = `${url}/${tenant}/oauth2/v2.0/token`
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
    const header = {
      alg: 'PS256',
      typ: 'JWT',
      'x5t#S256': Buffer.from(thumbprintSha256Hex, 'hex').toString('base64url'),
    }
    return async (scope: string) => {
      const exp = Math.floor(Date.now() / 1_000) + 600
      const input = `${encode(header)}.${encode({ aud: endpoint, iss: clientId, sub: clientId, jti: randomUUID(), exp })}`
      const signature = await signAsync('sha256', Buffer.from(input), { key, ...pss })
      const form = new URLSearchParams({
        client_id: clientId,
        scope,
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: `${input}.${signature.toString('base64url')}`,
      }).toString()
      return new Promise((resolve, reject) => {
        const outgoing = request(
          endpoint,
          { method: 'POST', agent, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
          (incoming) => {
            let text = ''
            incoming
              .setEncoding('utf8')
              .on('data', (chunk) => {
                text += chunk
              })
              .on('end', () => resolve(JSON.parse(text)))
          },
        )
        outgoing.on('error', reject)
        outgoing.end(form)
      })
    }
  },
} satisfies Record<string, Contestant>

export type Name = keyof typeof contestants

const signAsync = promisify(sign)
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
