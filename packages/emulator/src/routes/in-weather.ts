import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { correlate } from '../http/exchange.ts'
import { basicCredentials } from '../judge/client-secret.ts'
import { breakAmid, deliver, onTheWay } from '../weather/delivery.ts'
import { createEncounter } from '../weather/encounter.ts'
import { answerInstead, instead } from '../weather/instead.ts'
import type { Situation } from '../weather/weather.ts'
import { bearerClaims } from './bearer-claims.ts'
import { readForm } from './read-form.ts'
import { readTokenRequest } from './read-token-request.ts'
import type { EmulatorContext, Route, Services } from './route.ts'

/**
 * A route's answer, with whatever armed faults this request meets: the delay, then an answer in its place or on the
 * true answer's way, then the connection. Of each of these one fault, the first that was armed.
 */
export async function answerInWeather(
  context: EmulatorContext,
  services: Services,
  { endpoint, answer }: Route,
): Promise<Response> {
  const { sky, sleep } = services
  if (endpoint === undefined || sky.armed().length === 0) return answer(context, services)
  const { exchange } = context.var
  const encounter = createEncounter(sky, await situationOf(context, endpoint))
  context.set('encounter', encounter)
  const { meet } = encounter

  const latency = meet(['latency'])
  if (latency !== undefined) await sleep(latency.ms)
  const { wire } = context.env ?? {}
  if (wire !== undefined && meet(['reset'], ({ at }) => at === 'headers') !== undefined) {
    await noteUnjudged(context, services, endpoint)
    wire.reset()
    return alreadySent()
  }
  const stranger = meet(instead)
  if (stranger !== undefined) await noteUnjudged(context, services, endpoint)
  let response = stranger
    ? answerInstead(stranger, exchange, encounter.situation)
    : await answer(context, services)
  const skew = meet(['date-skew'])
  if (skew !== undefined)
    response.headers.set('date', new Date(exchange.receivedAt + skew.seconds * 1000).toUTCString())
  const mangled = stranger === undefined ? meet(onTheWay) : undefined
  if (mangled !== undefined) response = await deliver(mangled, response, sleep)
  if (wire !== undefined && meet(['reset'], ({ at }) => at === 'body') !== undefined) {
    await breakAmid(wire, response)
    return alreadySent()
  }
  return response
}

/** A token request that a fault kept from the judge stands in the journal too, or one would look for it in vain. */
async function noteUnjudged(
  context: EmulatorContext,
  { journal }: Services,
  endpoint: Situation['endpoint'],
): Promise<void> {
  if (endpoint !== 'token/v1' && endpoint !== 'token/v2') return
  const request = await readTokenRequest(context, endpoint === 'token/v1' ? 'v1' : 'v2')
  journal.add({
    request,
    exchange: correlate(context.var.exchange, request.form.fields.get('client-request-id')),
    asked: [],
    refusal: undefined,
    accessToken: undefined,
    certificate: undefined,
    met: context.var.encounter?.met ?? [],
    elapsedMs: 0,
    replay: undefined,
  })
}

const alreadySent = () => new Response(null, RESPONSE_ALREADY_SENT)

async function situationOf(context: EmulatorContext, endpoint: Situation['endpoint']): Promise<Situation> {
  const tenant = context.req.param('tenant')
  const authorization = context.req.header('authorization')
  if (endpoint === 'token/v1' || endpoint === 'token/v2') {
    const { fields } = await readForm(context)
    return { endpoint, tenant, appId: fields.get('client_id') ?? basicCredentials(authorization)?.clientId }
  }
  return { endpoint, tenant, appId: undefined, ...(endpoint === 'graph' ? bearerClaims(authorization) : {}) }
}
