import { readFileSync } from 'node:fs'
import { ConfigurationError } from '../errors.ts'

/** What the process was started with; read here and nowhere else in this package. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The proxy through which an address is reached; `undefined` for a direct connection. */
export type ProxyFor = (url: URL) => URL | undefined

/**
 * Reads `HTTPS_PROXY` and `NO_PROXY`; of two spellings the lower case wins, as with curl. Plain http goes to no proxy:
 * here it is for an emulator on loopback.
 *
 * `NO_PROXY` holds names, each with all names under it, addresses, and `*`, separated by commas or spaces; a port may
 * follow. Nothing is exempt by itself, `localhost` neither.
 *
 * @returns `undefined` where no proxy is configured at all.
 * @throws ConfigurationError `ERR_PROXY_INVALID`.
 */
export function proxyFromEnvironment(environment: Environment = process.env): ProxyFor | undefined {
  const address = environment.https_proxy || environment.HTTPS_PROXY
  if (!address) return undefined
  const proxy = parseProxy(address, environment.https_proxy ? 'https_proxy' : 'HTTPS_PROXY')
  const exempt = (environment.no_proxy || environment.NO_PROXY || '').toLowerCase().split(/[\s,]+/)
  return (url) => (url.protocol === 'http:' || exempt.some((rule) => covers(rule, url)) ? undefined : proxy)
}

/** What cannot be read is not shown: it may hold a password. */
function parseProxy(address: string, variable: string): URL {
  const text = address.includes('://') ? address : `http://${address}`
  const proxy = URL.canParse(text) ? new URL(text) : undefined
  if (proxy !== undefined && /^https?:$/.test(proxy.protocol) && isEncoded(proxy)) return proxy
  throw new ConfigurationError('ERR_PROXY_INVALID', `${variable} is not the address of an http proxy`, {
    hint: 'write http://host:port or http://user:password@host:port, with %25 for a % in them; SOCKS proxies are not supported',
  })
}

/** They are sent decoded; `100%` is no encoding of anything. */
function isEncoded({ username, password }: URL): boolean {
  try {
    decodeURIComponent(`${username}:${password}`)
    return true
  } catch {
    return false
  }
}

function covers(rule: string, { hostname: whole, port }: URL): boolean {
  const hostname = withoutDot(whole)
  if (rule === '*') return true
  const text = /^[\da-f.]*:[\da-f.]*:/.test(rule) ? `[${rule}]` : rule
  const [, named = '', onlyPort] = /^(?:\*?\.)?(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(text) ?? []
  // An IPv6 address has many spellings, with brackets and without, and a name may have letters; a URL knows one.
  const isSpelled = /^\[|[^ -~]/.test(named) && URL.canParse(`http://${named}`)
  const name = withoutDot(isSpelled ? new URL(`http://${named}`).hostname : named)
  if (name === '' || (onlyPort !== undefined && onlyPort !== (port || '443'))) return false
  return hostname === name || hostname.endsWith(`.${name}`)
}

/** The root, which every name ends with, written or not. */
const withoutDot = (name: string) => name.replace(/\.$/, '')

/**
 * The certificates of `NODE_EXTRA_CA_CERTS`, PEM, or nothing. Node trusts them by itself, but not any more once a
 * program adds others (Node 20). A file that cannot be read is passed over; Node has warned of it at the start.
 */
export function extraCaCertificates(environment: Environment = process.env): readonly string[] {
  const path = environment.NODE_EXTRA_CA_CERTS
  if (!path) return []
  try {
    return [readFileSync(path, 'utf8')]
  } catch {
    return []
  }
}
