import { ConfigurationError } from '../errors.ts'
import { shownAddress } from '../internal/redact.ts'
import { audienceHost } from './clouds.ts'

/** `1.0` selects by `resource`, `2.0` by `scope`. It does not decide the version of the token. */
export type EndpointVersion = '1.0' | '2.0'

/** Where a tenant's tokens come from. */
export interface Authority {
  /** Scheme, host and port: `https://login.microsoftonline.com`. */
  readonly origin: string
  /** GUID or domain name; `adfs` for Active Directory Federation Services. */
  readonly tenant: string
}

export interface AuthorityOptions {
  /** GUID or verified domain name of the directory; `adfs` on a federation server. */
  readonly tenant: string
  /** Origin of the service. Default: `https://login.microsoftonline.com`, the public cloud. */
  readonly authority?: string | undefined
  /** Lets `authority` be plain http, at any host: for an emulator, whose assertions and tokens are worth nothing. */
  readonly allowHttpAuthority?: boolean | undefined
}

/** Another authorization server than Entra: any that takes `private_key_jwt` (RFC 7523). */
export interface TokenEndpointOptions {
  /** The whole address of the token endpoint. */
  readonly tokenEndpoint: string
  /**
   * What assertions name as their audience. Default: the token endpoint (RFC 7523). FAPI 2.0 and other servers since
   * want their issuer, and nothing else.
   */
  readonly audience?: string | undefined
  /** Lets `tokenEndpoint` be plain http, at any host: for a server of tests. */
  readonly allowHttpAuthority?: boolean | undefined
}

/**
 * @throws ConfigurationError `ERR_TENANT_INVALID` for `common` and its like, or what is neither GUID nor domain;
 * `ERR_AUTHORITY_INVALID` for an address that is not an https origin.
 */
export function parseAuthority(options: AuthorityOptions): Authority {
  return { origin: parseOrigin(options), tenant: parseTenant(options.tenant) }
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const domain = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i
const everyTenant = new Set(['common', 'organizations', 'consumers'])

function parseTenant(text: string): string {
  if (typeof text !== 'string') throw new TypeError('tenant must be a string')
  const tenant = text.trim().toLowerCase()
  if (guid.test(tenant) || domain.test(tenant) || tenant === 'adfs') return tenant
  if (everyTenant.has(tenant)) {
    throw new ConfigurationError('ERR_TENANT_INVALID', `tenant '${tenant}' names no directory`, {
      hint: 'an app has no home directory that could be looked up for it; name the tenant id or a domain of the tenant',
    })
  }
  throw new ConfigurationError(
    'ERR_TENANT_INVALID',
    `tenant ${shown(text)} is neither a GUID nor a domain name`,
  )
}

/** What is longer than a name can be, or a PEM block, may be a key that was given in its place. */
function shown(text: string): string {
  return /^.{0,253}$/.test(text) && !text.includes('-----') ? `'${text}'` : `(${text.length} characters)`
}

function parseOrigin({
  authority = 'https://login.microsoftonline.com',
  allowHttpAuthority,
}: AuthorityOptions): string {
  const url = parseAddress('authority', authority, allowHttpAuthority)
  if (url.pathname !== '/' || url.search !== '') {
    throw new ConfigurationError(
      'ERR_AUTHORITY_INVALID',
      `authority '${url.origin}/…' must have no path or query`,
      {
        hint: 'name the origin only; the tenant is an option of its own',
      },
    )
  }
  return url.origin
}

/** The address of a token endpoint that is given whole, for other servers than Entra. */
export function parseTokenEndpoint({ tokenEndpoint, allowHttpAuthority }: TokenEndpointOptions): string {
  return parseAddress('tokenEndpoint', tokenEndpoint, allowHttpAuthority).href
}

function parseAddress(name: string, text: string, allowHttp: boolean | undefined): URL {
  if (typeof text !== 'string') throw new TypeError(`${name} must be a string`)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new ConfigurationError(
      'ERR_AUTHORITY_INVALID',
      `${name} ${shown(shownAddress(text))} is not an https address`,
    )
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    throw new ConfigurationError(
      'ERR_AUTHORITY_INVALID',
      `${name} '${url.origin}' must have no user or fragment`,
    )
  }
  if (url.protocol === 'http:' && allowHttp !== true) {
    throw new ConfigurationError('ERR_AUTHORITY_INVALID', `${name} '${url.origin}' is not https`, {
      hint: 'a client assertion must not travel in the clear; allowHttpAuthority permits it for a local emulator',
    })
  }
  return url
}

/** Entra: `/{tenant}/oauth2/v2.0/token`, v1 without `v2.0`. AD FS has one endpoint for both. */
export function tokenEndpoint({ origin, tenant }: Authority, version: EndpointVersion): string {
  return `${origin}/${tenant}/oauth2/${version === '2.0' && tenant !== 'adfs' ? 'v2.0/' : ''}token`
}

/** The `aud` of a client assertion for `endpoint`: the endpoint itself, by its global name where it is regional. */
export function assertionAudience(endpoint: string): string {
  const url = new URL(endpoint)
  const host = audienceHost(url.hostname)
  return host === url.hostname ? endpoint : `https://${host}${url.pathname}`
}

/** OpenID Connect metadata, from which the key set and the issuer are learned. */
export function metadataUrl({ origin, tenant }: Authority, version: EndpointVersion): string {
  return `${origin}/${tenant}/${version === '2.0' ? 'v2.0/' : ''}.well-known/openid-configuration`
}
