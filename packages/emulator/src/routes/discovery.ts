import { type Context, Hono } from 'hono'
import type { Environment } from '../app.ts'
import { findTenant } from '../judge/judge-token-request.ts'
import type { Service } from '../service.ts'

/** OpenID Connect metadata, v1 and v2, for a tenant and for the templates of all tenants. */
export function discoveryRoutes({ directory }: Service): Hono<Environment> {
  const app = new Hono<Environment>()
  app.get('/:tenant/.well-known/openid-configuration', (context) => answer(context, v1Document))
  app.get('/:tenant/v2.0/.well-known/openid-configuration', (context) => answer(context, v2Document))
  return app

  function answer(context: Context<Environment, '/:tenant/*'>, document: Document): Response {
    const name = context.req.param('tenant')
    const template = ['common', 'organizations', 'consumers'].includes(name.toLowerCase())
    const id = template ? '{tenantid}' : findTenant(name, directory).id
    const { origin } = new URL(context.req.url)
    context.header('cache-control', 'max-age=86400, private')
    context.header('access-control-allow-origin', '*')
    context.header('access-control-allow-methods', 'GET, OPTIONS')
    context.header('content-type', 'application/json; charset=utf-8')
    const body = document({ base: `${origin}/${template ? name.toLowerCase() : id}`, origin, id, template })
    return context.body(JSON.stringify(body))
  }
}

interface Place {
  /** Origin and tenant segment. */
  readonly base: string
  readonly origin: string
  /** Tenant id, or `{tenantid}` in a template. */
  readonly id: string
  readonly template: boolean
}

type Document = (place: Place) => object

const authMethods = ['client_secret_post', 'private_key_jwt', 'client_secret_basic']

/** Member order as Entra serves it. */
const v2Document: Document = ({ base, origin, id, template }) => ({
  token_endpoint: `${base}/oauth2/v2.0/token`,
  token_endpoint_auth_methods_supported: authMethods,
  jwks_uri: `${base}/discovery/v2.0/keys`,
  response_modes_supported: ['query', 'fragment', 'form_post'],
  subject_types_supported: ['pairwise'],
  id_token_signing_alg_values_supported: ['RS256'],
  response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
  scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
  issuer: `${origin}/${id}/v2.0`,
  request_uri_parameter_supported: false,
  userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo',
  authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
  device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
  http_logout_supported: true,
  frontchannel_logout_supported: true,
  end_session_endpoint: `${base}/oauth2/v2.0/logout`,
  claims_supported: [
    ...[
      'sub',
      'iss',
      'cloud_instance_name',
      'cloud_instance_host_name',
      'cloud_graph_host_name',
      'msgraph_host',
    ],
    ...['aud', 'exp', 'iat', 'auth_time', 'acr', 'nonce', 'preferred_username', 'name', 'tid', 'ver'],
    ...['at_hash', 'c_hash', 'email'],
  ],
  kerberos_endpoint: `${base}/kerberos`,
  ...cloud(template),
})

const v1Document: Document = ({ base, id, template }) => ({
  token_endpoint: `${base}/oauth2/token`,
  token_endpoint_auth_methods_supported: authMethods,
  jwks_uri: `${base}/discovery/keys`,
  response_modes_supported: ['query', 'fragment', 'form_post'],
  subject_types_supported: ['pairwise'],
  id_token_signing_alg_values_supported: ['RS256'],
  response_types_supported: ['code', 'id_token', 'code id_token', 'token id_token', 'token'],
  scopes_supported: ['openid'],
  issuer: `https://sts.windows.net/${id}/`,
  microsoft_multi_refresh_token: true,
  authorization_endpoint: `${base}/oauth2/authorize`,
  device_authorization_endpoint: `${base}/oauth2/devicecode`,
  http_logout_supported: true,
  frontchannel_logout_supported: true,
  end_session_endpoint: `${base}/oauth2/logout`,
  claims_supported: [
    ...[
      'sub',
      'iss',
      'cloud_instance_name',
      'cloud_instance_host_name',
      'cloud_graph_host_name',
      'msgraph_host',
    ],
    ...[
      'aud',
      'exp',
      'iat',
      'auth_time',
      'acr',
      'amr',
      'nonce',
      'email',
      'given_name',
      'family_name',
      'nickname',
    ],
  ],
  check_session_iframe: `${base}/oauth2/checksession`,
  userinfo_endpoint: `${base}/openid/userinfo`,
  kerberos_endpoint: `${base}/kerberos`,
  ...cloud(template),
})

const cloud = (template: boolean) => ({
  tenant_region_scope: template ? null : 'WW',
  cloud_instance_name: 'microsoftonline.com',
  cloud_graph_host_name: 'graph.windows.net',
  msgraph_host: 'graph.microsoft.com',
  rbac_url: 'https://pas.windows.net',
})
