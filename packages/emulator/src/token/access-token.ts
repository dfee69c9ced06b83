import { sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { OptionalClaim, ServicePrincipal, Tenant } from '../directory/application.ts'
import { opaque } from './opaque.ts'
import type { SigningKey } from './signing-keys.ts'

/** What an access token says, before it has a form. */
export interface TokenFacts {
  readonly tenant: Tenant
  readonly client: ServicePrincipal
  readonly resource: ServicePrincipal
  /** The resource in the client's spelling: the audience of a version 1.0 token. */
  readonly requestedResource: string
  readonly authenticatedBy: 'certificate' | 'secret'
  readonly capabilities: readonly string[]
  /** Of the authority that was asked; a version 2.0 token's issuer lives there. */
  readonly origin: string
  /** NumericDate seconds: when the token is really issued. */
  readonly issuedAt: number
  readonly lifetimeSeconds: number
}

const signOffThread = promisify(sign)

/** Entra: `iat` and `nbf` lie this far back. */
export const backdatedSeconds = 300

/** Entra: how the client proved itself. */
const authenticationClass = { secret: '1', certificate: '2' }

/** Entra: a directory role template that every app-only Graph token carries. */
const graphRoleTemplate = '0997a1d0-0d1d-4acb-b408-d5ca73121e90'

/** Azure Resource Manager. Entra: it alone was seen to get `xms_tcdt` as a text. */
const armAppId = '797f4846-ba00-4fd7-ba43-dac1f8f63013'

/** An app-only access token, signed off the main thread. Its version is the resource's choice, not the endpoint's. */
export async function signAccessToken(facts: TokenFacts, { kid, privateKey }: SigningKey): Promise<string> {
  const version = facts.resource.application.accessTokenVersion
  const header = { typ: 'JWT', alg: 'RS256', ...(version === 1 ? { x5t: kid } : {}), kid }
  const claims = version === 1 ? claimsV1(facts) : claimsV2(facts)
  const signed = `${base64url(header)}.${base64url({ ...timesAndParties(facts, claims), ...sorted(claims.others) })}`
  const signature = await signOffThread('sha256', Buffer.from(signed), privateKey)
  return `${signed}.${signature.toString('base64url')}`
}

interface Claims {
  readonly aud: string
  readonly iss: string
  readonly others: Readonly<Record<string, unknown>>
}

function claimsV1(facts: TokenFacts): Claims {
  const { tenant, client, authenticatedBy, requestedResource } = facts
  const iss = `https://sts.windows.net/${tenant.id}/`
  const others = {
    ...common(facts),
    appid: client.application.appId,
    appidacr: authenticationClass[authenticatedBy],
    idp: iss,
    ver: '1.0',
  }
  return { aud: requestedResource, iss, others }
}

function claimsV2(facts: TokenFacts): Claims {
  const { tenant, client, resource, authenticatedBy, origin } = facts
  const others = {
    ...common(facts),
    azp: client.application.appId,
    azpacr: authenticationClass[authenticatedBy],
    ver: '2.0',
    xms_ftd: opaque(33),
  }
  return { aud: resource.application.appId, iss: `${origin}/${tenant.id}/v2.0`, others }
}

function common(facts: TokenFacts): Readonly<Record<string, unknown>> {
  const { tenant, client, resource } = facts
  const roles = client.roles.get(resource.application.appId)
  return {
    aio: opaque(28, 'base64'),
    oid: client.id,
    rh: `1.${opaque(33)}.`,
    ...(roles === undefined ? {} : { roles: [...roles].sort() }),
    sub: client.id,
    tid: tenant.id,
    uti: opaque(16),
    ...optionalClaims(facts),
  }
}

function optionalClaims({
  tenant,
  client,
  resource,
  capabilities,
}: TokenFacts): Readonly<Record<string, unknown>> {
  const { appId, optionalClaims: asked } = resource.application
  const tenantCreatedAt = Math.floor(tenant.createdAt / 1000)
  const values: Readonly<Record<OptionalClaim, unknown>> = {
    app_displayname: client.application.name,
    idtyp: 'app',
    tenant_region_scope: tenant.region,
    wids: [graphRoleTemplate],
    xms_cc: capabilities.length > 0 ? capabilities : undefined,
    xms_tcdt: appId === armAppId ? String(tenantCreatedAt) : tenantCreatedAt,
  }
  return Object.fromEntries(asked.map((name) => [name, values[name]]))
}

function timesAndParties({ issuedAt, lifetimeSeconds }: TokenFacts, { aud, iss }: Claims) {
  const back = issuedAt - backdatedSeconds
  return { aud, iss, iat: back, nbf: back, exp: issuedAt + lifetimeSeconds }
}

const sorted = (claims: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(claims).sort(([a], [b]) => (a < b ? -1 : 1)))

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
