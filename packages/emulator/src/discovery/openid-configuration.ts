import type { Tenant } from '../directory/application.ts'
import { isGuid } from '../guid.ts'

/** Whose configuration is asked for: a tenant's, or the template that `common` and its like share. */
export interface Audience {
  /** The segment that the documented addresses carry: the tenant's id, or `common`. */
  readonly segment: string
  /** The tenant's id, or the literal `{tenantid}` that verifiers replace. */
  readonly issuerTenant: string
  readonly region: string | null
}

/** The tenant of Microsoft's consumer accounts. */
const consumerTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad'

export function audienceOfTenant(tenant: Tenant): Audience {
  return { segment: tenant.id, issuerTenant: tenant.id, region: tenant.region }
}

/** @param name - `common`, `organizations` or `consumers`. */
export function sharedAudience(name: string): Audience {
  const issuerTenant = name === 'consumers' ? consumerTenantId : '{tenantid}'
  return { segment: name, issuerTenant, region: null }
}

/**
 * OpenID Connect discovery 1.0, section 3. Members and their order as Entra serves them.
 *
 * The v2 issuer has the origin that was asked, for MSAL refuses another; the v1 issuer is the same everywhere.
 *
 * @param appId - As the query named it. Entra: the address of the keys gets the same query. Guess: what is no GUID is passed over.
 */
export function openidConfiguration(
  version: 'v1' | 'v2',
  origin: string,
  audience: Audience,
  appId: string | undefined,
): object {
  const query = appId !== undefined && isGuid(appId) ? `?appid=${appId}` : ''
  return version === 'v1'
    ? configurationV1(origin, audience, query)
    : configurationV2(origin, audience, query)
}

export const issuerV2 = (origin: string, { issuerTenant }: Audience): string =>
  `${origin}/${issuerTenant}/v2.0`

function configurationV1(origin: string, { segment, issuerTenant, region }: Audience, query: string): object {
  const base = `${origin}/${segment}`
  return {
    token_endpoint: `${base}/oauth2/token`,
    ...commonStart,
    jwks_uri: `${base}/discovery/keys${query}`,
    ...commonModes,
    response_types_supported: ['code', 'id_token', 'code id_token', 'token id_token', 'token'],
    scopes_supported: ['openid'],
    issuer: `https://sts.windows.net/${issuerTenant}/`,
    microsoft_multi_refresh_token: true,
    authorization_endpoint: `${base}/oauth2/authorize`,
    device_authorization_endpoint: `${base}/oauth2/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${base}/oauth2/logout`,
    claims_supported: [...commonClaims, 'amr', 'email', 'given_name', 'family_name', 'nickname'],
    check_session_iframe: `${base}/oauth2/checksession`,
    userinfo_endpoint: `${base}/openid/userinfo`,
    kerberos_endpoint: `${base}/kerberos`,
    tenant_region_scope: region,
    ...cloud,
  }
}

function configurationV2(origin: string, audience: Audience, query: string): object {
  const base = `${origin}/${audience.segment}`
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    ...commonStart,
    jwks_uri: `${base}/discovery/v2.0/keys${query}`,
    ...commonModes,
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: issuerV2(origin, audience),
    request_uri_parameter_supported: false,
    userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo',
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    claims_supported: [
      ...commonClaims,
      'preferred_username',
      'name',
      'tid',
      'ver',
      'at_hash',
      'c_hash',
      'email',
    ],
    kerberos_endpoint: `${base}/kerberos`,
    tenant_region_scope: audience.region,
    ...cloud,
  }
}

const commonStart = {
  token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
}

const commonModes = {
  response_modes_supported: ['query', 'fragment', 'form_post'],
  subject_types_supported: ['pairwise'],
  id_token_signing_alg_values_supported: ['RS256'],
}

const commonClaims = [
  'sub',
  'iss',
  'cloud_instance_name',
  'cloud_instance_host_name',
  'cloud_graph_host_name',
  'msgraph_host',
  'aud',
  'exp',
  'iat',
  'auth_time',
  'acr',
  'nonce',
]

const cloud = {
  cloud_instance_name: 'microsoftonline.com',
  cloud_graph_host_name: 'graph.windows.net',
  msgraph_host: 'graph.microsoft.com',
  rbac_url: 'https://pas.windows.net',
}
