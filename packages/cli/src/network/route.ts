import type { Environment } from 'x5t'

/** How an address is reached from here. */
export interface Route {
  readonly url: URL
  /** Name or address, without the brackets of IPv6. */
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly proxy: URL | undefined
}

/** @throws ConfigurationError `ERR_PROXY_INVALID` for a `HTTPS_PROXY` that is none. */
export async function routeTo(url: URL, environment: Environment): Promise<Route> {
  const { proxyFromEnvironment } = await import('x5t')
  return { url, ...endOf(url), proxy: proxyFromEnvironment(environment)?.(url) }
}

/** Where a connection for the address goes: host, port, and whether it speaks TLS. */
export function endOf({ protocol, hostname, port }: URL) {
  const secure = protocol === 'https:'
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (secure ? 443 : 80)), secure }
}
