import { type Context, Hono } from 'hono'
import type { Environment } from '../app.ts'
import { findTenant } from '../judge/judge-token-request.ts'
import type { Service } from '../service.ts'

/** The key sets. Only v2 keys name their issuer: a template, for the keys serve every tenant. */
export function keySetRoutes({ directory, keys }: Service): Hono<Environment> {
  const app = new Hono<Environment>()
  app.get('/:tenant/discovery/keys', (context) => answer(context, () => keys.published.map(({ jwk }) => jwk)))
  app.get('/:tenant/discovery/v2.0/keys', (context) =>
    answer(context, (origin) =>
      keys.published.map(({ jwk }) => ({
        ...jwk,
        cloud_instance_name: 'microsoftonline.com',
        issuer: `${origin}/{tenantid}/v2.0`,
      })),
    ),
  )
  return app

  function answer(
    context: Context<Environment, '/:tenant/*'>,
    keySet: (origin: string) => object[],
  ): Response {
    const name = context.req.param('tenant')
    if (!['common', 'organizations', 'consumers'].includes(name.toLowerCase())) findTenant(name, directory)
    context.header('cache-control', 'max-age=86400, private')
    context.header('content-type', 'application/json; charset=utf-8')
    return context.body(JSON.stringify({ keys: keySet(new URL(context.req.url).origin) }))
  }
}
