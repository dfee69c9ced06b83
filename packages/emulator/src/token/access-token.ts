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

/** An app-only access token, signed off the main thread. */
export async function signAccessToken(facts: TokenFacts, { kid, privateKey }: SigningKey): Promise<string> {
  const { accessTokenVersion } = facts.resource.application
  const header = { typ: 'JWT', alg: 'RS256', x5t: accessTokenVersion === 1 ? kid : undefined, kid }
  const signed = `${base64url(header)}.${base64url(claimsOf(facts))}`
  const signature = await signOffThread('sha256', Buffer.from(signed), privateKey)
  return `${signed}.${signature.toString('base64url')}`
}

/**
 * The claims of both versions, of which a token has one: the resource's choice, not the endpoint's. Those that are
 * undefined are not written. Entra: times and parties come first, all others by the alphabet.
 */
function claimsOf(facts: TokenFacts): Readonly<Record<string, unknown>> {
  const { tenant, client, resource, capabilities, issuedAt } = facts
  const { appId: resourceAppId, accessTokenVersion, optionalClaims } = resource.application
  const { appId, name } = client.application
  const v1 = <T>(claim: T) => (accessTokenVersion === 1 ? claim : undefined)
  const v2 = <T>(claim: T) => (accessTokenVersion === 2 ? claim : undefined)
  const asked = <T>(wanted: OptionalClaim, claim: T) => (optionalClaims.includes(wanted) ? claim : undefined)
  const proof = authenticationClass[facts.authenticatedBy]
  const issuerV1 = `https://sts.windows.net/${tenant.id}/`
  const roles = client.roles.get(resourceAppId)
  const tenantCreatedAt = Math.floor(tenant.createdAt / 1000)
  return {
    aud: v1(facts.requestedResource) ?? resourceAppId,
    iss: v1(issuerV1) ?? `${facts.origin}/${tenant.id}/v2.0`,
    iat: issuedAt - backdatedSeconds,
    nbf: issuedAt - backdatedSeconds,
    exp: issuedAt + facts.lifetimeSeconds,
    aio: opaque(28, 'base64'),
    app_displayname: asked('app_displayname', name),
    appid: v1(appId),
    appidacr: v1(proof),
    azp: v2(appId),
    azpacr: v2(proof),
    idp: v1(issuerV1),
    idtyp: asked('idtyp', 'app'),
    oid: client.id,
    rh: `1.${opaque(33)}.`,
    roles: roles && [...roles].sort(),
    sub: client.id,
    tenant_region_scope: asked('tenant_region_scope', tenant.region),
    tid: tenant.id,
    uti: opaque(16),
    ver: `${accessTokenVersion}.0`,
    wids: asked('wids', [graphRoleTemplate]),
    xms_cc: capabilities.length > 0 ? asked('xms_cc', capabilities) : undefined,
    xms_ftd: v2(opaque(33)),
    xms_tcdt: asked('xms_tcdt', resourceAppId === armAppId ? String(tenantCreatedAt) : tenantCreatedAt),
  }
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
