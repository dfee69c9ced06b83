import {
  type AuthorityOptions,
  assertionAudience,
  type EndpointVersion,
  parseAuthority,
  parseTokenEndpoint,
  type TokenEndpointOptions,
  tokenEndpoint,
} from '../entra/authority.ts'
import { shownAddress } from '../internal/redact.ts'

/** Where the tokens of one tenant are asked for. */
export interface Endpoints {
  /** As written in the address; empty for a token endpoint that is given whole. */
  readonly tenant: string
  /** For a v2 `scope`. */
  readonly scope: Endpoint
  /** For a v1 `resource`. */
  readonly resource: Endpoint
}

export interface Endpoint {
  readonly url: string
  /** `url` as events show it. */
  readonly shown: string
  /** The `aud` of assertions for it. */
  readonly audience: string
}

/**
 * @param tenant - Another tenant than the one in the options. Servers other than Entra know no tenants.
 * @throws ConfigurationError for a tenant or an address that cannot work.
 */
export function endpointsOf(options: AuthorityOptions | TokenEndpointOptions, tenant?: string): Endpoints {
  if (isWhole(options)) {
    const url = parseTokenEndpoint(options)
    const { audience = url } = options
    if (typeof audience !== 'string' || audience === '')
      throw new TypeError('audience must be a non-empty string')
    // JavaScript, and a union of options, may name both: the one that was left out would be a surprise.
    const { tenant: other = tenant, authority }: Partial<AuthorityOptions> = { ...options }
    const useless = other === undefined ? authority && 'authority' : 'tenant'
    if (useless !== undefined) throw new TypeError(`${useless} has no meaning where tokenEndpoint is given`)
    const endpoint = { url, shown: shownAddress(url), audience }
    return { tenant: '', scope: endpoint, resource: endpoint }
  }
  const authority = parseAuthority(tenant === undefined ? options : { ...options, tenant })
  const endpoint = (version: EndpointVersion) => {
    const url = tokenEndpoint(authority, version)
    return { url, shown: url, audience: assertionAudience(url) }
  }
  return { tenant: authority.tenant, scope: endpoint('2.0'), resource: endpoint('1.0') }
}

/** An option that is undefined is none, as everywhere; beside no tenant it is the one that is missing. */
function isWhole(options: AuthorityOptions | TokenEndpointOptions): options is TokenEndpointOptions {
  const { tokenEndpoint: url, tenant }: Partial<AuthorityOptions & TokenEndpointOptions> = options
  return url !== undefined || (tenant === undefined && 'tokenEndpoint' in options)
}
