import { createSign, generateKeyPairSync, type JsonWebKey, type KeyObject, randomUUID } from 'node:crypto'

/** An issuer's key as it signs and as it is published. */
export interface IssuerKey {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly jwk: JsonWebKey & { readonly kid: string }
}

/** The instant at which every token of these tests is good: 2026-01-01, epoch milliseconds. */
export const noon = Date.UTC(2026, 0, 1, 12)

export const tenant = '11111111-2222-3333-4444-555555555555'
export const apiId = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee'
export const clientId = 'cccccccc-8888-7777-6666-555555555555'
const objectId = randomUUID()

export const origin = 'https://login.microsoftonline.com'
export const issuers = { '1.0': `https://sts.windows.net/${tenant}/`, '2.0': `${origin}/${tenant}/v2.0` }

export function newKey(kid: string, members: JsonWebKey = {}, bits = 2_048): IssuerKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  return {
    privateKey,
    publicKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', ...members },
  }
}

type Members = Readonly<Record<string, unknown>>

export function v2Claims(changes: Members = {}): Members {
  return { ...claimsOf('2.0'), aud: apiId, azp: clientId, azpacr: '2', ...changes }
}

export function v1Claims(changes: Members = {}): Members {
  return { ...claimsOf('1.0'), aud: 'api://cars', appid: clientId, appidacr: '2', ...changes }
}

function claimsOf(ver: '1.0' | '2.0'): Members {
  const iat = noon / 1_000 - 300
  const times = { iat, nbf: iat, exp: iat + 3_900 }
  return { iss: issuers[ver], ...times, oid: objectId, sub: objectId, tid: tenant, roles: ['Cars.Read'], ver }
}

/** Signs whatever it is told to, as an issuer that went wrong might: the parts are text or made to JSON. */
export function sign(key: IssuerKey, claims: Members | string, header: Members | string = {}): string {
  const named =
    typeof header === 'string' ? header : { typ: 'JWT', alg: 'RS256', kid: key.jwk.kid, ...header }
  return signParts(key, encode(named), encode(claims))
}

export function signParts({ privateKey }: IssuerKey, header: string, payload: string): string {
  const signature = createSign('sha256').update(`${header}.${payload}`).sign(privateKey, 'base64url')
  return `${header}.${payload}.${signature}`
}

export function encode(part: unknown): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')
}

/** What Entra publishes for one tenant, served from memory; `fetched` keeps the addresses that were asked for. */
export function entraFetch(keys: () => readonly unknown[]): { fetch: typeof fetch; fetched: string[] } {
  const fetched: string[] = []
  const answer = (url: string) => {
    const version = url.includes('/v2.0') ? '2.0' : '1.0'
    const [, tenantInPath = ''] = new URL(url).pathname.split('/')
    if (!url.endsWith('openid-configuration')) return { keys: keys() }
    const issuer = issuers[version].replace(tenant, tenantInPath === 'common' ? '{tenantid}' : tenantInPath)
    const keysPath = version === '2.0' ? 'discovery/v2.0/keys' : 'discovery/keys'
    const jwks = `${origin}/${tenantInPath}/${keysPath}`
    return { issuer, jwks_uri: jwks, cloud_instance_name: 'microsoftonline.com' }
  }
  return {
    fetched,
    async fetch(input) {
      fetched.push(String(input))
      return Response.json(answer(String(input)))
    },
  }
}
