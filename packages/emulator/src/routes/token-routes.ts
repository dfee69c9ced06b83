import { correlate, jsonResponse, refusalResponse } from '../http/exchange.ts'
import { hearTokenRequest } from './hear-token-request.ts'
import { readTokenRequest } from './read-token-request.ts'
import type { EmulatorContext, Route } from './route.ts'

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
      // `context.var` makes an object of all that is set, each time.
      const exchange = correlate(context.get('exchange'), fields.get('client-request-id'))
      const encounter = context.get('encounter')
      const { refusal, body } = await hearTokenRequest(request, exchange, services, { encounter })
      const headers = { ...tokenHeaders, ...telemetryHeader(context, fields, refusal?.aadsts ?? 0) }
      if (refusal !== undefined) return refusalResponse(exchange, refusal, headers)
      return jsonResponse(exchange, body, { headers })
    },
  }
}

const tokenHeaders = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache', expires: '-1' }

/** Entra: answers clients that send telemetry with `version,error,suberror,token age,ring`. */
function telemetryHeader({ req }: EmulatorContext, fields: ReadonlyMap<string, string>, aadsts: number) {
  const sends =
    fields.has('x-client-current-telemetry') || req.header('x-client-current-telemetry') !== undefined
  return sends ? { 'x-ms-clitelem': `1,${aadsts},0,,` } : {}
}
