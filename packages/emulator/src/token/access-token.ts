import { randomBytes, sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { Grant } from '../judge/judge-token-request.ts'
import type { SigningKey } from './signing-keys.ts'

export interface IssuedToken {
  readonly accessToken: string
  /** Seconds since the epoch: `nbf`, five minutes before the token was made. */
  readonly notBefore: number
  /** Seconds since the epoch. */
  readonly expiresOn: number
}

/** Entra: `nbf` and `iat` lie five minutes before the moment of issue. */
const backdateSeconds = 300
const graphAppId = '00000003-0000-0000-c000-000000000000'

/**
 * Issues an access token for a grant, v1 or v2 as the resource's manifest says.
 * RSA signing takes the thread pool, so that requests are judged meanwhile.
 */
export async function issueAccessToken(
  grant: Grant,
  options: { key: SigningKey; origin: string; now: number; lifetimeSeconds: number },
): Promise<IssuedToken> {
  const { key, origin, now, lifetimeSeconds } = options
  const issuedAt = Math.floor(now / 1_000)
  const times = {
    iat: issuedAt - backdateSeconds,
    nbf: issuedAt - backdateSeconds,
    exp: issuedAt + lifetimeSeconds,
  }
  const version = grant.resource.accessTokenVersion
  const header = { typ: 'JWT', alg: 'RS256', ...(version === 1 && { x5t: key.kid }), kid: key.kid }
  const claims = version === 1 ? v1Claims(grant, times) : v2Claims(grant, times, origin)
  const signingInput = `${encode(header)}.${encode(claims)}`
  const signature = await promisify(sign)('sha256', Buffer.from(signingInput), key.privateKey)
  return {
    accessToken: `${signingInput}.${signature.toString('base64url')}`,
    notBefore: times.nbf,
    expiresOn: times.exp,
  }
}

interface Times {
  readonly iat: number
  readonly nbf: number
  readonly exp: number
}

/** `aud` is the spelling the client asked with. */
function v1Claims(grant: Grant, times: Times): object {
  const { tenant, client, resource, requested, clientAuthentication } = grant
  const issuer = `https://sts.windows.net/${tenant.id}/`
  const firstParty = resource.identifierUris.every((uri) => uri.startsWith('https://'))
  return {
    aud: requested,
    iss: issuer,
    ...times,
    aio: opaque(24),
    ...(resource.appId === graphAppId && { app_displayname: client.name }),
    appid: client.appId,
    appidacr: clientAuthentication,
    idp: issuer,
    ...(firstParty && { idtyp: 'app' }),
    ...common(grant),
    ver: '1.0',
  }
}

/** `aud` is always the resource's app id. */
function v2Claims(grant: Grant, times: Times, origin: string): object {
  const { tenant, client, resource, clientAuthentication } = grant
  return {
    aud: resource.appId,
    iss: `${origin}/${tenant.id}/v2.0`,
    ...times,
    aio: opaque(24),
    azp: client.appId,
    azpacr: clientAuthentication,
    ...common(grant),
    ver: '2.0',
  }
}

function common({ tenant, client, roles }: Grant): object {
  return {
    oid: client.servicePrincipalId,
    rh: `1.${opaque(33)}.`,
    ...(roles.length > 0 && { roles }),
    sub: client.servicePrincipalId,
    tid: tenant.id,
    uti: opaque(16),
  }
}

const opaque = (bytes: number) => randomBytes(bytes).toString('base64url')
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
