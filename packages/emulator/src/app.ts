import { randomUUID } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { publicHosts } from './judge/audience.ts'
import { Refusal, refusalBody, type Trace } from './refusal/refusal.ts'
import { refusals } from './refusal/refusals.ts'
import { adminRoutes } from './routes/admin.ts'
import { discoveryRoutes } from './routes/discovery.ts'
import { instanceRoutes } from './routes/instance-discovery.ts'
import { keySetRoutes } from './routes/key-sets.ts'
import { tokenRoutes } from './routes/token.ts'
import type { Service } from './service.ts'

export interface Environment {
  Variables: { trace: Trace }
}

/** No honest request is larger: an assertion with a chain is under 16 KiB, a seed of apps under this. */
const maxBodyBytes = 262_144
const hostNames = new Set<string>(['localhost', '127.0.0.1', '[::1]', ...publicHosts, 'graph.microsoft.com'])
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** All routes of the emulator behind its guards. Knows no network: a request in, a response out. */
export function createApp(service: Service): Hono<Environment> {
  const app = new Hono<Environment>()

  app.use(async (context, next) => {
    context.set('trace', { traceId: randomUUID(), correlationId: correlationOf(context) ?? randomUUID() })
    const refused = guard(context)
    if (refused !== undefined) return refused
    await next()
    setHeaders(context, service)
    return undefined
  })
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new Refusal(9002313)
      },
    }),
  )

  app.route('/_emulator', adminRoutes(service))
  app.route('/', instanceRoutes())
  app.route('/', tokenRoutes(service))
  app.route('/', keySetRoutes(service))
  app.route('/', discoveryRoutes(service))

  app.notFound((context) =>
    context.json({ error: { code: 'NotFound', message: `no route ${context.req.path}` } }, 404),
  )
  app.onError((error, context) => {
    setHeaders(context, service)
    if (error instanceof Refusal) return answerRefusal(error, context, service)
    if (error instanceof HTTPException) return error.getResponse()
    return context.json(
      { error: 'server_error', error_description: 'the emulator failed; this is a bug' },
      500,
    )
  })
  return app
}

/** A page on another origin, or under another name for this address, must not reach the emulator through a browser. */
function guard(context: Context): Response | undefined {
  const { hostname, origin } = new URL(context.req.url)
  if (!hostNames.has(hostname))
    return context.json({ error: { code: 'Forbidden', message: 'unknown Host' } }, 403)
  const from = context.req.header('origin')
  if (from !== undefined && from !== origin && context.req.method !== 'GET') {
    return context.json({ error: { code: 'Forbidden', message: 'foreign Origin' } }, 403)
  }
  return undefined
}

/** Entra: a header, its older name, or (token.ts) a field of the body. */
function correlationOf(context: Context): string | undefined {
  const given = context.req.header('client-request-id') ?? context.req.header('x-ms-client-request-id')
  return given !== undefined && guid.test(given) ? given : undefined
}

/** Entra's headers, but for Strict-Transport-Security: browsers would keep it for all of localhost. */
function setHeaders(context: Context<Environment>, { now }: Service): void {
  const { traceId, correlationId } = context.get('trace')
  context.header('date', new Date(now()).toUTCString())
  context.header('x-content-type-options', 'nosniff')
  context.header('x-xss-protection', '0')
  context.header('p3p', 'CP="DSP CUR OTPi IND OTRi ONL FIN"')
  context.header('x-ms-request-id', traceId)
  context.header('x-ms-ests-server', '0.0.0.0 - x5t emulator')
  if (context.req.header('return-client-request-id') === 'true')
    context.header('client-request-id', correlationId)
}

function answerRefusal(refusal: Refusal, context: Context<Environment>, { now }: Service): Response {
  const { pathname, origin } = new URL(context.req.url)
  const ofDiscovery = pathname.includes('/.well-known/') || pathname.includes('/discovery/')
  const body = refusalBody(refusal, context.get('trace'), {
    origin,
    now: now(),
    ...(ofDiscovery && refusal.aadsts === 90002 && { error: 'invalid_tenant' }),
  })
  context.header('cache-control', ofDiscovery ? 'private' : 'no-store, no-cache')
  if (!ofDiscovery) context.header('pragma', 'no-cache')
  context.header('content-type', 'application/json; charset=utf-8')
  return context.body(JSON.stringify(body), refusals[refusal.aadsts].status as ContentfulStatusCode) // 400 or 401
}
