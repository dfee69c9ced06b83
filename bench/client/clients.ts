/** The contestants behind one face: a token for a scope. */
import { constants, createPrivateKey, randomUUID, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { promisify } from 'node:util'

export interface Setting {
  readonly url: string
  readonly countsUrl: string
  /** Key and certificate, PEM. */
  readonly path: string
  readonly thumbprintSha256Hex: string
}

export type GetToken = (scope: string) => Promise<unknown>
export type Contestant = (setting: Setting, tenant?: string) => Promise<GetToken>

export const clientId = '6731de76-14a6-49ae-97bc-6eba6914391e'
export const tenantId = '8c5a3a1e-6c1f-4d0b-9a54-0f6c1d2b7e31'

export const contestants = {
  async x5t({ url, path }: Setting, tenant: string = tenantId) {
    const { createClient, loadCredential } = await import('x5t')
    const credential = await loadCredential({ path })
    const client = createClient({ tenant, authority: url, clientId, credential })
    return (scope: string) => client.getToken({ scope })
  },
  async msal(setting: Setting, tenant?: string) {
    const app = await msalApp(setting, tenant)
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
  /** The floor: what any client must do, and nothing else. It remembers nothing. */
  async bare({ url, path, thumbprintSha256Hex }: Setting, tenant: string = tenantId) {
    const key = createPrivateKey(readFileSync(path))
    const agent = new Agent({ keepAlive: true })
    const endpoint = `${url}/${tenant}/oauth2/v2.0/token`
    const thumbprint = Buffer.from(thumbprintSha256Hex, 'hex').toString('base64url')
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
    const header = encode({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })
    return async (scope: string) => {
      const exp = Math.floor(Date.now() / 1_000) + 600
      const claims = { aud: endpoint, iss: clientId, sub: clientId, jti: randomUUID(), exp }
      const input = `${header}.${encode(claims)}`
      const signature = await signAsync('sha256', Buffer.from(input), { key, ...pss })
      const form = new URLSearchParams({
        client_id: clientId,
        scope,
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: `${input}.${signature.toString('base64url')}`,
      }).toString()
      return post(endpoint, agent, form)
    }
  },
} satisfies Record<string, Contestant>

export async function msalApp({ url, path, thumbprintSha256Hex }: Setting, tenant: string = tenantId) {
  const { ConfidentialClientApplication } = await import('@azure/msal-node')
  return new ConfidentialClientApplication({
    auth: {
      clientId,
      authority: `${url}/${tenant}`,
      knownAuthorities: [new URL(url).host],
      clientCertificate: { thumbprintSha256: thumbprintSha256Hex, privateKey: readFileSync(path, 'utf8') },
    },
  })
}

export type Name = keyof typeof contestants

const signAsync = promisify(sign)
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }

function post(endpoint: string, agent: Agent, form: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const outgoing = request(endpoint, { method: 'POST', agent, headers }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk) => chunks.push(chunk))
      incoming.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())))
    })
    outgoing.on('error', reject)
    outgoing.end(form)
  })
}
