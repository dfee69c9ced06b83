import type { Directory } from '../directory/directory.ts'
import { parseJws } from '../judge/assertion/jws.ts'
import { thumbprintsOf } from '../judge/assertion/thumbprints.ts'
import { basicCredentials } from '../judge/client-secret.ts'
import { type Check, checksOf } from '../judge/examination.ts'
import type { TokenRequest } from '../judge/hearing.ts'
import { type CheckName, notReached, type Way } from '../judge/steps.ts'
import type { Advice } from './advice/advice.ts'
import { adviceFor } from './advice/advice-for.ts'
import type { Entry, Replay } from './journal.ts'
import { type ShownAssertion, type ShownField, shownAssertionOf, shownFieldsOf } from './shown-form.ts'

/** A token request in one line. */
export interface EntrySummary {
  readonly number: number
  /** ISO 8601, by the emulator's clock. */
  readonly receivedAt: string
  readonly endpoint: 'v1' | 'v2'
  /** As in the path. */
  readonly tenant: string
  readonly clientId: string | undefined
  /** Undefined for an app that is not registered (any more). */
  readonly appName: string | undefined
  /** `not judged`: an armed fault answered in the judge's place. */
  readonly result: 'issued' | 'refused' | 'not judged'
  readonly aadsts: number | undefined
  readonly error: string | undefined
  /** Which certificate the assertion names, in the spelling it does: hex for `x5t` and `kid`, else base64url. */
  readonly thumbprint: string | undefined
  /** Milliseconds of judging and issuing, three decimals. */
  readonly elapsedMs: number
  readonly replay: Replay | undefined
  /** Ids of the armed faults that it met. */
  readonly met: readonly string[]
}

/** A token request with all that may be shown of it: no secret, no signature of an assertion, no token. */
export interface DescribedEntry extends EntrySummary {
  readonly method: string
  /** Address that was asked, without its query. */
  readonly url: string
  readonly correlationId: string
  readonly traceId: string
  /** HTTP status of the answer, but for faults on its way. */
  readonly status: number | undefined
  readonly fields: readonly ShownField[]
  readonly assertion: ShownAssertion | undefined
  /** In the order of the judgement. */
  readonly checks: readonly JudgedCheck[]
  /** What the service writes; undefined where a token was issued. */
  readonly message: string | undefined
  /** On the check that failed. */
  readonly advice: Advice | undefined
}

export type JudgedCheck =
  | {
      readonly state: 'passed' | 'failed'
      readonly name: CheckName
      readonly expected: string | undefined
      readonly found: string | undefined
    }
  | { readonly state: 'not reached'; readonly name: CheckName }

export function summarize(entry: Entry, directory: Directory): EntrySummary {
  const { number, request, exchange, refusal, elapsedMs, replay, met } = entry
  const clientId = clientIdOf(request)
  return {
    number,
    receivedAt: new Date(exchange.receivedAt).toISOString(),
    endpoint: request.endpoint,
    tenant: request.tenant.slice(0, longestName),
    clientId: clientId?.slice(0, longestName),
    appName: directory.registrations(clientId ?? '')[0]?.name,
    result: resultOf(entry),
    aadsts: refusal?.aadsts,
    error: refusal?.error,
    thumbprint: thumbprintOf(request)?.slice(0, longestName),
    elapsedMs: Math.round(elapsedMs * 1000) / 1000,
    replay,
    met,
  }
}

function resultOf({ refusal, accessToken }: Entry): EntrySummary['result'] {
  if (refusal !== undefined) return 'refused'
  return accessToken === undefined ? 'not judged' : 'issued'
}

export function describeEntry(entry: Entry, directory: Directory): DescribedEntry {
  const { request, exchange, refusal } = entry
  const checks = checksOf(entry.asked)
  const path = request.endpoint === 'v1' ? '/oauth2/token' : '/oauth2/v2.0/token'
  const failed = checks.find(({ passed }) => !passed)
  return {
    ...summarize(entry, directory),
    method: request.method.slice(0, longestName),
    url: `${exchange.origin}/${encodeURIComponent(request.tenant.slice(0, longestName))}${path}`,
    correlationId: exchange.correlationId,
    traceId: exchange.traceId,
    status: refusal?.status ?? (entry.accessToken === undefined ? undefined : 200),
    fields: shownFieldsOf(request),
    assertion: shownAssertionOf(request),
    checks: [
      ...checks.map(judged),
      ...(entry.accessToken === undefined ? notReached(waysOf(request, directory), checks) : []).map(
        unjudged,
      ),
    ],
    message: refusal === undefined ? undefined : `AADSTS${refusal.aadsts}: ${refusal.text}`,
    advice: failed === undefined ? undefined : adviceFor(failed.name),
  }
}

/** Characters; names and ids are shorter, what is longer is no name. */
const longestName = 200

const judged = ({ name, passed, expected, found }: Check): JudgedCheck => ({
  state: passed ? 'passed' : 'failed',
  name,
  expected,
  found,
})
const unjudged = (name: CheckName): JudgedCheck => ({ state: 'not reached', name })

export function clientIdOf({ form, authorization }: TokenRequest): string | undefined {
  return form.fields.get('client_id') ?? basicCredentials(authorization)?.clientId
}

function thumbprintOf({ form }: TokenRequest): string | undefined {
  const jws = parseJws(form.fields.get('client_assertion') ?? '')
  if (jws === undefined) return undefined
  const { sha1Hex, sha256, kid } = thumbprintsOf(jws.header)
  return sha256 ?? sha1Hex ?? kid
}

/** What the request would have been asked. A form without any credential is taken for one that lacks its assertion. */
function waysOf(request: TokenRequest, directory: Directory): ReadonlySet<Way> {
  const { endpoint, form, authorization } = request
  const assertion = form.fields.get('client_assertion')
  const secret = form.fields.get('client_secret') ?? basicCredentials(authorization)?.secret
  const ways = new Set<Way>([endpoint])
  if (form.fields.get('claims')) ways.add('claims')
  if (!assertion && secret) return ways.add('secret')
  const trustsNames = directory
    .registrations(clientIdOf(request) ?? '')
    .some(({ trustedSubjects }) => trustedSubjects.length > 0)
  const hasChain = parseJws(assertion ?? '')?.header.x5c !== undefined
  return ways.add('assertion').add(trustsNames && hasChain ? 'subject name' : 'thumbprint')
}
