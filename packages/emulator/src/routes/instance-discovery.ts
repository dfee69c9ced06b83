import { Hono } from 'hono'
import type { Environment } from '../app.ts'
import { Refusal } from '../refusal/refusal.ts'

/** Networks as Entra lists them: the preferred host, the host in cache keys, and all names. */
const networks: readonly (readonly [network: string, cache: string, aliases: readonly string[]])[] = [
  [
    'login.microsoftonline.com',
    'login.windows.net',
    ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
  ],
  [
    'login.partner.microsoftonline.cn',
    'login.partner.microsoftonline.cn',
    ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn'],
  ],
  [
    'login.microsoftonline.us',
    'login.microsoftonline.us',
    ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
  ],
]

/** Tells a client which hosts are one service. Ours is its own network, beside Microsoft's. */
export function instanceRoutes(): Hono<Environment> {
  const app = new Hono<Environment>()
  app.get('/:tenant/discovery/instance', (context) => {
    const asked = context.req.query('authorization_endpoint') ?? ''
    const own = new URL(context.req.url)
    const ownNames = [own.host, own.hostname]
    const url = /^https?:/i.test(asked) && URL.canParse(asked) ? new URL(asked) : undefined
    const known = [...ownNames, ...networks.flatMap(([, , aliases]) => aliases)]
    if (url === undefined || !known.some((name) => name === url.host || name === url.hostname))
      throw new Refusal(50049)

    const tenant = url.pathname.split('/')[1] ?? 'common'
    const metadata = networks.map(([preferred_network, preferred_cache, aliases]) => ({
      preferred_network,
      preferred_cache,
      aliases,
    }))
    const names = [...new Set(ownNames)].filter(
      (name) => !metadata.some(({ aliases }) => aliases.includes(name)),
    )
    if (names.length > 0)
      metadata.push({ preferred_network: own.host, preferred_cache: own.host, aliases: names })
    context.header('cache-control', 'max-age=86400, private')
    context.header('content-type', 'application/json; charset=utf-8')
    return context.body(
      JSON.stringify({
        tenant_discovery_endpoint: `${url.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
        'api-version': '1.1',
        metadata,
      }),
    )
  })
  return app
}
