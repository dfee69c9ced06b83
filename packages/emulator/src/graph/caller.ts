import { createPublicKey } from 'node:crypto'
import type { ServicePrincipal, Tenant } from '../directory/application.ts'
import type { Directory } from '../directory/directory.ts'
import { signatureAlgorithms, signatureHolds } from '../judge/assertion/algorithms.ts'
import { type Jws, parseJws } from '../judge/assertion/jws.ts'
import type { SigningKeys } from '../token/signing-keys.ts'
import { GraphError } from './graph-error.ts'

/** Who asks Graph: a service principal, with the app roles that its token carries. */
export interface Caller {
  readonly tenant: Tenant
  readonly principal: ServicePrincipal
  readonly roles: ReadonlySet<string>
}

/** Every spelling of Graph that a client may have asked a token for. */
const audiences: ReadonlySet<string> = new Set([
  'https://graph.microsoft.com',
  'https://graph.microsoft.com/',
  '00000003-0000-0000-c000-000000000000',
])

/**
 * The holder of an access token that this emulator issued for Graph. Roles are those of the token, as in the service:
 * one that is granted later needs a new token.
 *
 * @throws GraphError 401
 */
export async function authenticate(
  authorization: string | undefined,
  services: { readonly directory: Directory; readonly signingKeys: SigningKeys; readonly now: number },
): Promise<Caller> {
  const { directory, signingKeys, now } = services
  const [, token] = /^bearer +(\S+)$/i.exec(authorization ?? '') ?? []
  if (token === undefined) throw unauthenticated('Access token is empty.')
  const jws = parseJws(token)
  if (jws === undefined) throw unauthenticated('CompactToken parsing failed with error code: 80049217')
  if (!(await isSigned(jws, signingKeys)))
    throw unauthenticated('Access token validation failure. Invalid signature.')
  const { aud, nbf, exp, tid, oid, roles } = jws.claims
  if (!audiences.has(String(aud).toLowerCase()))
    throw unauthenticated('Access token validation failure. Invalid audience.')
  if (typeof exp !== 'number' || exp * 1000 <= now)
    throw unauthenticated('Lifetime validation failed, the token is expired.')
  if (typeof nbf !== 'number' || nbf * 1000 > now)
    throw unauthenticated('Lifetime validation failed, the token is not yet valid.')
  const tenant = directory.findTenant(String(tid))
  const principal = tenant && directory.principalsOf(tenant).find(({ id }) => id === oid)
  if (tenant === undefined || principal?.enabled !== true)
    throw unauthenticated(
      'Access token validation failure. The identity of the calling application could not be established.',
    )
  return { tenant, principal, roles: new Set(Array.isArray(roles) ? roles.map(String) : []) }
}

async function isSigned(jws: Jws, signingKeys: SigningKeys): Promise<boolean> {
  const { alg, kid } = jws.header
  const key = typeof kid === 'string' ? signingKeys.find(kid) : undefined
  const algorithm = signatureAlgorithms.get('RS256')
  if (alg !== 'RS256' || key === undefined || algorithm === undefined) return false
  return signatureHolds(jws, createPublicKey(key.privateKey), algorithm)
}

const unauthenticated = (message: string) => new GraphError(401, 'InvalidAuthenticationToken', message)
