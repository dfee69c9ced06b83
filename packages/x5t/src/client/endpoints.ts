import {
  type AuthorityOptions,
  assertionAudience,
  type EndpointVersion,
  parseAuthority,
  parseTokenEndpoint,
  type TokenEndpointOptions,
  tokenEndpoint,
} from '../entra/authority.ts'

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
  /** The `aud` of assertions for it. */
  readonly audience: string
}

/**
 * @param tenant - Another tenant than the one in the options. Servers other than Entra know no tenants.
 * @throws ConfigurationError for a tenant or an address that cannot work.
 */
export function endpointsOf(options: AuthorityOptions | TokenEndpointOptions, tenant?: string): Endpoints {
  if ('tokenEndpoint' in options) {
    if (tenant !== undefined) throw new TypeError('tenant has no meaning where tokenEndpoint is given')
    const url = parseTokenEndpoint(options)
    const { audience = url } = options
    if (typeof audience !== 'string' || audience === '')
      throw new TypeError('audience must be a non-empty string')
    const endpoint = { url, audience }
    return { tenant: '', scope: endpoint, resource: endpoint }
  }
  const authority = parseAuthority(tenant === undefined ? options : { ...options, tenant })
  const endpoint = (version: EndpointVersion) => {
    const url = tokenEndpoint(authority, version)
    return { url, audience: assertionAudience(url) }
  }
  return { tenant: authority.tenant, scope: endpoint('2.0'), resource: endpoint('1.0') }
}
