import { type Context, Hono } from 'hono'
import type { Environment } from '../app.ts'
import type { App } from '../directory/app.ts'
import { type RegisteredCertificate, thumbprintSha1Hex } from '../directory/registered-certificate.ts'
import { checkNewApp, checkText } from '../directory/seed.ts'
import type { Service } from '../service.ts'

/** The emulator's own JSON routes, one for each thing that can be done to it. Errors: `{ error: { code, message } }`. */
export function adminRoutes({ directory, keys }: Service): Hono<Environment> {
  const app = new Hono<Environment>()

  app.get('/healthz', (context) => context.json({ status: 'ok' }))
  app.get('/state', (context) =>
    context.json({ tenants: directory.tenants, apps: directory.apps.map(describeApp) }),
  )
  app.post('/apps', async (context) =>
    write(context, (body) => describeApp(directory.addApp(checkNewApp(body, 'app')))),
  )
  app.post('/apps/:appId/certificates', async (context) =>
    write(context, (body) => {
      const certificate = checkText(body.certificate, 'certificate')
      return describeCertificate(directory.addCertificate({ appId: context.req.param('appId'), certificate }))
    }),
  )
  app.delete('/apps/:appId/certificates/:keyId', (context) =>
    attempt(context, () => {
      directory.removeCertificate(context.req.param())
      return context.body(null, 204)
    }),
  )
  app.post('/apps/:appId/roles', async (context) =>
    write(context, (body) => {
      const grant = {
        resourceAppId: checkText(body.resourceAppId, 'resourceAppId'),
        role: checkText(body.role, 'role'),
      }
      directory.grantRole({ clientAppId: context.req.param('appId'), ...grant })
      return grant
    }),
  )
  app.post('/signing-keys/roll', async (context) => {
    await keys.roll()
    return context.json({ kid: keys.current.kid })
  })
  return app
}

/** A body that claims to be JSON cannot come from a form on another page. */
async function write(context: Context, act: (body: Record<string, unknown>) => object): Promise<Response> {
  if (!/^application\/json\b/i.test(context.req.header('content-type') ?? '')) {
    return refuse(context, 415, 'UnsupportedMediaType', 'send application/json')
  }
  const body: unknown = await context.req.json().catch(() => undefined)
  if (typeof body !== 'object' || body === null)
    return refuse(context, 400, 'BadRequest', 'the body is no JSON object')
  return attempt(context, () => context.json(act({ ...body }), 201))
}

/** TypeError: the request is wrong. RangeError: what it names is not there. */
function attempt(context: Context, act: () => Response): Response {
  try {
    return act()
  } catch (error) {
    if (error instanceof TypeError) return refuse(context, 400, 'BadRequest', error.message)
    if (error instanceof RangeError) return refuse(context, 404, 'NotFound', error.message)
    throw error
  }
}

function refuse(context: Context, status: 400 | 404 | 415, code: string, message: string): Response {
  return context.json({ error: { code, message } }, status)
}

function describeApp({ certificates, secrets, ...app }: App): object {
  return { ...app, certificates: certificates.map(describeCertificate), secrets: secrets.length }
}

export function describeCertificate(certificate: RegisteredCertificate) {
  const { keyId, displayName, sha1, sha256, notBefore, notAfter } = certificate
  return {
    keyId,
    displayName,
    thumbprintSha1Hex: thumbprintSha1Hex(certificate),
    thumbprintSha1: sha1.toString('base64url'),
    thumbprintSha256: sha256.toString('base64url'),
    startDateTime: new Date(notBefore).toISOString(),
    endDateTime: new Date(notAfter).toISOString(),
  }
}
