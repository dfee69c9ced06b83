import { type Context, Hono } from 'hono'
import type { Environment } from '../app.ts'
import { type Grant, judgeTokenRequest, type TokenRequest } from '../judge/judge-token-request.ts'
import { Refusal } from '../refusal/refusal.ts'
import type { Service } from '../service.ts'
import { type IssuedToken, issueAccessToken } from '../token/access-token.ts'

/** The token endpoints, v1 and v2. */
export function tokenRoutes(service: Service): Hono<Environment> {
  const app = new Hono<Environment>()
  app.all('/:tenant/oauth2/token', (context) => answer(context, '1.0', context.req.param('tenant'), service))
  app.all('/:tenant/oauth2/v2.0/token', (context) =>
    answer(context, '2.0', context.req.param('tenant'), service),
  )
  return app
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

async function answer(
  context: Context<Environment>,
  version: '1.0' | '2.0',
  tenant: string,
  { directory, keys, now, tokenLifetimeSeconds }: Service,
): Promise<Response> {
  if (context.req.method !== 'POST') throw new Refusal(900561, { verb: context.req.method })
  const form = await readForm(context)
  const correlationId = form?.get('client-request-id') ?? ''
  if (guid.test(correlationId)) context.set('trace', { ...context.get('trace'), correlationId })

  const { origin } = new URL(context.req.url)
  const request = { tenant, version, form, basic: basicCredential(context), origins: [origin] }
  const grant = judgeTokenRequest(request, directory, now())
  const lifetimeSeconds = tokenLifetimeSeconds()
  const token = await issueAccessToken(grant, { key: keys.current, origin, now: now(), lifetimeSeconds })

  const body = version === '1.0' ? v1Body(token, grant, lifetimeSeconds) : v2Body(token, lifetimeSeconds)
  context.header('cache-control', 'no-store, no-cache')
  context.header('pragma', 'no-cache')
  context.header('expires', '-1')
  context.header('content-type', 'application/json; charset=utf-8')
  return context.body(JSON.stringify(body))
}

/** Entra parses a form and nothing else; any other body counts as none. */
async function readForm(context: Context): Promise<URLSearchParams | undefined> {
  const body = await context.req.text()
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(context.req.header('content-type') ?? '')
  return isForm && body !== '' ? new URLSearchParams(body) : undefined
}

/** @see RFC 6749 section 2.3.1: both parts are form-encoded before they are joined. */
function basicCredential(context: Context): TokenRequest['basic'] {
  const [, encoded] = /^Basic\s+(\S+)$/i.exec(context.req.header('authorization') ?? '') ?? []
  const [, clientId, secret] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? []
  if (clientId === undefined || secret === undefined) return undefined
  const decoded = new URLSearchParams(`clientId=${clientId}&secret=${secret}`)
  return { clientId: decoded.get('clientId') ?? '', secret: decoded.get('secret') ?? '' }
}

/** Entra says one second less than it gives. */
function v2Body({ accessToken }: IssuedToken, lifetimeSeconds: number): object {
  return {
    token_type: 'Bearer',
    expires_in: lifetimeSeconds - 1,
    ext_expires_in: lifetimeSeconds - 1,
    ...(isLong(lifetimeSeconds) && { refresh_in: Math.floor(lifetimeSeconds / 2) }),
    access_token: accessToken,
  }
}

/** Entra: v1 sends every number as a string. */
function v1Body(
  { accessToken, notBefore, expiresOn }: IssuedToken,
  { requested }: Grant,
  lifetimeSeconds: number,
): object {
  return {
    token_type: 'Bearer',
    expires_in: String(lifetimeSeconds - 1),
    ext_expires_in: String(lifetimeSeconds - 1),
    ...(isLong(lifetimeSeconds) && { refresh_in: String(Math.floor(lifetimeSeconds / 2)) }),
    expires_on: String(expiresOn),
    not_before: String(notBefore),
    resource: requested,
    access_token: accessToken,
  }
}

/** Entra asks for an early refresh of long-lived tokens only. */
const isLong = (lifetimeSeconds: number) => lifetimeSeconds > 7_200
