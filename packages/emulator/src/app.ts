import { HonoBase } from 'hono/hono-base'
import { TrieRouter } from 'hono/router/trie-router'
import { isAllowedHost } from './hosts.ts'
import { createExchange, type Exchange, jsonResponse, refusalResponse } from './http/exchange.ts'
import { filled, Refused, refusal } from './refusal/refusal.ts'
import { ControlError, toControlError } from './routes/control-error.ts'
import { publicHeaders } from './routes/discovery-routes.ts'
import { answerInWeather } from './routes/in-weather.ts'
import type { EmulatorContext, EmulatorEnv, Services } from './routes/route.ts'
import { routes } from './routes/routes.ts'
import { armedHeader } from './weather/encounter.ts'

/** The emulator as a function from requests to answers. It knows no network: listening is `start-emulator.ts`. */
export function createApp(services: Services): HonoBase<EmulatorEnv> {
  // The router that Hono would choose, after it had loaded and tried another one.
  const app = new HonoBase<EmulatorEnv>({ strict: false, router: new TrieRouter() })

  app.use(async (context, next) => {
    const { req } = context
    const { origin } = new URL(req.url)
    context.set('exchange', createExchange(origin, req.raw.headers, services.clock.now()))
    const armed = services.sky.armed()
    await next()
    for (const [name, value] of Object.entries(armedHeader(armed, context.get('encounter')?.met)))
      context.header(name, value)
  })

  app.use(async (context, next) => {
    const { req } = context
    const [, host = ''] = context.get('exchange').origin.split('//')
    // A request line can name a host of its own beside the header; neither may be foreign.
    const { listening } = services
    if (!isAllowedHost(host, listening) || !isAllowedHost(req.header('host') ?? host, listening))
      throw new ControlError(403, 'Forbidden', 'the Host header names none of the emulator’s hosts')
    await next()
  })

  for (const route of routes) {
    const { method, path } = route
    const handle = (context: EmulatorContext) => answerInWeather(context, services, route)
    if (method === 'ALL') app.all(path, handle)
    else app.on(method, path, handle)
  }

  app.notFound(({ req, var: { exchange } }) =>
    controlErrorResponse(
      exchange,
      new ControlError(404, 'NotFound', `no route for ${req.method} ${req.path}`),
    ),
  )
  app.onError((error, { var: { exchange } }) => errorResponse(exchange, error))
  return app
}

/** The answer to a request that ended in an error. What nobody foresaw is Entra's own "something went wrong". */
export function errorResponse(exchange: Exchange, error: unknown): Response {
  const own = toControlError(error)
  if (own !== undefined) return controlErrorResponse(exchange, own)
  const refused = error instanceof Refused ? error.refusal : filled(refusal(50000))
  return refusalResponse(exchange, refused, { ...publicHeaders, 'cache-control': 'private' })
}

function controlErrorResponse(exchange: Exchange, { status, code, message }: ControlError): Response {
  return jsonResponse(exchange, { error: { code, message } }, { status })
}
