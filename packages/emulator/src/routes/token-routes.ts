import { correlate, type Exchange, jsonResponse, refusalResponse } from '../http/exchange.ts'
import type { Grant, TokenRequest } from '../judge/hearing.ts'
import { judge } from '../judge/judge.ts'
import { signAccessToken } from '../token/access-token.ts'
import { lifetimeSeconds, refreshInSeconds } from '../token/lifetime.ts'
import { tokenResponse } from '../token/token-response.ts'
import { knownCertificates } from '../weather/known-certificates.ts'
import { readForm } from './read-form.ts'
import type { EmulatorContext, Route, Services } from './route.ts'

export const tokenRoutes: readonly Route[] = [
  tokenRoute('v1', '/:tenant/oauth2/token'),
  tokenRoute('v2', '/:tenant/oauth2/v2.0/token'),
]

function tokenRoute(endpoint: 'v1' | 'v2', path: string): Route {
  return {
    method: 'ALL',
    path,
    endpoint: `token/${endpoint}`,
    async answer(context, services) {
      const request = await readTokenRequest(context, endpoint)
      const { fields } = request.form
      const exchange = correlate(context.var.exchange, fields.get('client-request-id'))
      const { receivedAt, traceId, correlationId } = exchange
      const { directory, onJudgement } = services
      const { encounter } = context.var
      const { checks, grant, refusal } = await judge(request, {
        directory,
        now: receivedAt,
        certificatesOf: (holders) => knownCertificates(holders, encounter, receivedAt),
      })
      onJudgement({
        checks,
        refusal,
        endpoint,
        tenant: request.tenant,
        clientId: fields.get('client_id'),
        correlationId,
        traceId,
        receivedAt,
      })
      const headers = { ...tokenHeaders, ...telemetryHeader(context, fields, refusal?.aadsts ?? 0) }
      if (refusal !== undefined) return refusalResponse(exchange, refusal, headers)
      return jsonResponse(exchange, await issue(grant, exchange, services), { headers })
    },
  }
}

async function readTokenRequest(context: EmulatorContext, endpoint: 'v1' | 'v2'): Promise<TokenRequest> {
  const { req } = context
  return {
    endpoint,
    method: req.method,
    tenant: req.param('tenant') ?? '',
    isForm: /^application\/x-www-form-urlencoded *(;|$)/i.test(req.header('content-type') ?? ''),
    form: await readForm(context),
    authorization: req.header('authorization'),
    origin: req.header('origin'),
  }
}

async function issue(grant: Grant, { origin, receivedAt }: Exchange, { signingKeys, lifetime }: Services) {
  const issuedAt = Math.floor(receivedAt / 1000)
  const revocable =
    grant.capabilities.length > 0 && grant.resource.application.optionalClaims.includes('xms_cc')
  const seconds = lifetimeSeconds(lifetime, revocable)
  const accessToken = await signAccessToken(
    { ...grant, origin, issuedAt, lifetimeSeconds: seconds },
    signingKeys.current(),
  )
  return tokenResponse(grant.endpoint, {
    accessToken,
    issuedAt,
    lifetimeSeconds: seconds,
    refreshInSeconds: refreshInSeconds(lifetime, seconds),
    requestedResource: grant.requestedResource,
  })
}

const tokenHeaders = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache', expires: '-1' }

/** Entra: answers clients that send telemetry with `version,error,suberror,token age,ring`. */
function telemetryHeader({ req }: EmulatorContext, fields: ReadonlyMap<string, string>, aadsts: number) {
  const sends =
    fields.has('x-client-current-telemetry') || req.header('x-client-current-telemetry') !== undefined
  return sends ? { 'x-ms-clitelem': `1,${aadsts},0,,` } : {}
}
