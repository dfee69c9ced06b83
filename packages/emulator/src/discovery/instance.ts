import { loopbackHosts, publicLoginHosts } from '../hosts.ts'
import { Refused, refusal } from '../refusal/refusal.ts'

/** One cloud: the host to ask, the name to keep tokens under, and all that mean the same. */
interface CloudMetadata {
  readonly preferred_network: string
  readonly preferred_cache: string
  readonly aliases: readonly string[]
}

const cloud = (host: string, cache: string, ...aliases: readonly string[]): CloudMetadata => ({
  preferred_network: host,
  preferred_cache: cache,
  aliases: [host, ...aliases],
})

/** Entra: as recorded in 2022 and 2023. */
const clouds: readonly CloudMetadata[] = [
  {
    preferred_network: 'login.microsoftonline.com',
    preferred_cache: 'login.windows.net',
    aliases: publicLoginHosts,
  },
  cloud('login.partner.microsoftonline.cn', 'login.partner.microsoftonline.cn', 'login.chinacloudapi.cn'),
  cloud('login.microsoftonline.de', 'login.microsoftonline.de'),
  cloud('login.microsoftonline.us', 'login.microsoftonline.us', 'login.usgovcloudapi.net'),
  cloud('login-us.microsoftonline.com', 'login-us.microsoftonline.com'),
]

/**
 * Instance discovery: tells a client whether an authority is one of ours, and which names it goes by.
 *
 * @param asked - The `authorization_endpoint` that the client means to use.
 * @param origin - Where this request came to.
 * @throws Refused with 50050 for no address, 50049 for a host of nobody.
 */
export function instanceDiscovery(asked: string | undefined, origin: string): object {
  if (asked === undefined || !/^https?:/i.test(asked) || !URL.canParse(asked))
    throw new Refused(refusal(50050))
  const { hostname, pathname, origin: askedOrigin } = new URL(asked)
  const own = loopbackHosts.includes(hostname)
  if (!own && !clouds.some(({ aliases }) => aliases.includes(hostname))) throw new Refused(refusal(50049))
  const [, tenant = ''] = pathname.split('/')
  if (tenant === '') throw new Refused(refusal(50050))
  const version = pathname.toLowerCase().includes('/oauth2/v2.0/') ? '/v2.0' : ''
  // Asked by a public name about its own, as MSAL for Python does, it stays with the one that the client means to use.
  const here = loopbackHosts.includes(new URL(origin).hostname) ? origin : askedOrigin
  return {
    tenant_discovery_endpoint: `${own ? here : `https://${hostname}`}/${tenant}${version}/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [...clouds, ...(own ? [ownCloud(here)] : [])],
  }
}

/** The emulator under the name that was asked; clients look for it with its port or without. */
function ownCloud(origin: string): CloudMetadata {
  const { host, hostname } = new URL(origin)
  return cloud(host, host, ...(host === hostname ? [] : [hostname]))
}
