import type { Exchange } from '../http/exchange.ts'
import { clientIdOf } from '../journal/describe-entry.ts'
import type { Entry, Replay } from '../journal/journal.ts'
import { checksOf } from '../judge/examination.ts'
import type { Grant, TokenRequest } from '../judge/hearing.ts'
import { judge } from '../judge/judge.ts'
import type { Refusal } from '../refusal/refusal.ts'
import { signAccessToken } from '../token/access-token.ts'
import { lifetimeSeconds, refreshInSeconds } from '../token/lifetime.ts'
import { type TokenResponse, tokenResponse } from '../token/token-response.ts'
import type { Encounter } from '../weather/encounter.ts'
import { knownCertificates } from '../weather/known-certificates.ts'
import type { Services } from './route.ts'

/** What came of a token request, which now stands in the journal: a refusal or the body of an answer. */
export interface Heard {
  readonly entry: Entry
  readonly refusal: Refusal | undefined
  readonly body: TokenResponse | undefined
}

/** Judges a token request at the moment that its exchange names, and issues what it grants. */
export async function hearTokenRequest(
  request: TokenRequest,
  exchange: Exchange,
  services: Services,
  circumstances: { readonly encounter?: Encounter | undefined; readonly replay?: Replay } = {},
): Promise<Heard> {
  const { directory, journal, onJudgement } = services
  const { encounter, replay } = circumstances
  const { receivedAt, traceId, correlationId } = exchange
  const startedAt = performance.now()
  const { asked, grant, refusal } = await judge(request, {
    directory,
    now: receivedAt,
    certificatesOf: (holders) => knownCertificates(holders, encounter, receivedAt),
  })
  const body = grant === undefined ? undefined : await issue(grant, exchange, services)
  const entry = journal.add({
    request,
    exchange,
    asked,
    refusal,
    accessToken: body?.access_token,
    certificate: grant?.certificate,
    met: encounter?.met ?? [],
    elapsedMs: performance.now() - startedAt,
    replay,
  })
  onJudgement?.({
    checks: checksOf(asked),
    refusal,
    endpoint: request.endpoint,
    tenant: request.tenant,
    clientId: clientIdOf(request),
    correlationId,
    traceId,
    receivedAt,
  })
  return { entry, refusal, body }
}

async function issue(
  grant: Grant,
  { origin, receivedAt }: Exchange,
  { signingKeys, lifetime }: Services,
): Promise<TokenResponse> {
  const issuedAt = Math.floor(receivedAt / 1000)
  const revocable =
    grant.capabilities.length > 0 && grant.resource.application.optionalClaims.includes('xms_cc')
  const seconds = lifetimeSeconds(lifetime, revocable)
  const accessToken = await signAccessToken(
    { origin, issuedAt, lifetimeSeconds: seconds, ...grant },
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
