import { createHash, timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import { type AccessToken, type Client, TokenEndpointError, TransportError, X5tError } from 'x5t'

/**
 * `GET /msi/token?api-version=2019-08-01&resource=…` with `X-IDENTITY-HEADER`, as App Service answers it.
 * All numbers are strings and `expires_on` comes last of the two, which every SDK's parser accepts.
 *
 * @see entra: managed identity, App Service 2019-08-01
 */
export function appServiceRoutes(options: {
  client: Pick<Client, 'getToken'>
  clientId: string
  header: string
}): Hono {
  const { client, clientId, header } = options
  const app = new Hono()

  app.get('/msi/token', async (context) => {
    const { resource, client_id: asked = clientId, 'api-version': version } = context.req.query()
    if (!isSame(context.req.header('x-identity-header') ?? '', header))
      return refuse(401, 'wrong or missing X-IDENTITY-HEADER')
    if (version !== '2019-08-01') return refuse(400, 'api-version must be 2019-08-01')
    if (resource === undefined || !/^[\x21-\x7e]+$/.test(resource)) {
      return refuse(400, 'resource is missing, or no identifier')
    }
    if (asked.toLowerCase() !== clientId.toLowerCase())
      return refuse(400, `this broker serves client ${clientId} only`)
    try {
      const token = await client.getToken({ scope: `${resource}/.default`, signal: context.req.raw.signal })
      return context.json(answer(token, resource, clientId), 200, { 'cache-control': 'no-store' })
    } catch (error) {
      return refuse(statusOf(error), error instanceof X5tError ? error.message : 'unexpected error')
    }
  })
  return app
}

function answer(
  { accessToken, expiresAt }: AccessToken,
  resource: string,
  clientId: string,
): Record<string, string> {
  return {
    access_token: accessToken,
    expires_on: String(Math.floor(expiresAt / 1_000)),
    resource,
    token_type: 'Bearer',
    client_id: clientId,
  }
}

/** SDKs try 404, 429 and 5xx again, so only what may pass later is answered that way. */
function statusOf(error: unknown): 400 | 503 {
  const transient =
    (error instanceof TokenEndpointError || error instanceof TransportError) && error.retryable
  return transient ? 503 : 400
}

function refuse(statusCode: number, message: string): Response {
  return Response.json({ statusCode, message }, { status: statusCode })
}

/** In constant time, whatever the lengths. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
