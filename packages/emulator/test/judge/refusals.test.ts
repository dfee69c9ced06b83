import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { refusals } from '../../src/refusal/refusals.ts'
import { bodyOf, createStage, origin, type Stage } from '../support/stage.ts'
import { assertionCases } from './cases/assertion.ts'
import { requestCases } from './cases/request.ts'
import { resourceCases } from './cases/resource.ts'

/** Entra: what each number is answered with; see docs/emulator.md for which of these were observed. */
const answers: Readonly<Record<number, readonly [status: number, error: string]>> = {
  50027: [400, 'invalid_request'],
  50048: [401, 'invalid_client'],
  50059: [400, 'invalid_request'],
  50171: [401, 'invalid_client'],
  50194: [400, 'invalid_request'],
  53003: [400, 'invalid_grant'],
  70003: [400, 'unsupported_grant_type'],
  70011: [400, 'invalid_scope'],
  90002: [400, 'invalid_request'],
  90013: [400, 'invalid_request'],
  90014: [400, 'invalid_request'],
  90023: [400, 'invalid_request'],
  500011: [400, 'invalid_resource'],
  500014: [400, 'invalid_resource'],
  501051: [400, 'invalid_grant'],
  700016: [400, 'unauthorized_client'],
  700021: [401, 'invalid_client'],
  700022: [400, 'invalid_scope'],
  700023: [401, 'invalid_client'],
  700024: [401, 'invalid_client'],
  700025: [401, 'invalid_client'],
  700027: [401, 'invalid_client'],
  700038: [400, 'unauthorized_client'],
  900023: [400, 'invalid_request'],
  900144: [400, 'invalid_request'],
  900561: [400, 'invalid_request'],
  901002: [400, 'invalid_request'],
  1002012: [400, 'invalid_scope'],
  5002723: [401, 'invalid_client'],
  5002738: [401, 'invalid_client'],
  7000110: [400, 'invalid_client'],
  7000112: [400, 'unauthorized_client'],
  7000215: [401, 'invalid_client'],
  7000216: [401, 'invalid_client'],
  7000222: [401, 'invalid_client'],
  7000229: [401, 'invalid_client'],
  9000411: [400, 'invalid_request'],
  9002313: [400, 'invalid_request'],
}
/** Entra: numbers whose answers carry no `error_uri`. */
const withoutUri = [50171, 70003, 70011, 700038]
/** Provoked elsewhere: a bug, subject names (subject-name.test.ts), instance discovery (discovery.test.ts), weather. */
const elsewhere = [50000, 700030, 7000213, 50049, 50050, 90033, 90055]

const cases = [...requestCases, ...assertionCases, ...resourceCases]
let stage: Stage
before(async () => {
  stage = await createStage()
})

for (const { what, send, aadsts, text } of cases) {
  test(`${what} is refused with AADSTS${aadsts}`, async () => {
    const response = await send(stage)
    const body = await bodyOf(response)
    const start = `AADSTS${aadsts}: `
    const end = ` Trace ID: ${body.trace_id} Correlation ID: ${body.correlation_id} Timestamp: ${body.timestamp}`
    assert.deepEqual(body.error_codes, [aadsts], body.error_description)
    assert.deepEqual([response.status, body.error], answers[aadsts])
    assert.ok(body.error_description.startsWith(start) && body.error_description.endsWith(end))
    assert.match(body.error_description.slice(start.length, -end.length), text)
    assert.equal(body.trace_id, response.headers.get('x-ms-request-id'))
    assert.equal(body.timestamp, '2026-09-14 08:12:31Z')
    assert.equal(body.error_uri, withoutUri.includes(aadsts) ? undefined : `${origin}/error?code=${aadsts}`)
    assert.deepEqual(
      Object.keys(body).filter((name) => name !== 'error_uri'),
      ['error', 'error_description', 'error_codes', 'timestamp', 'trace_id', 'correlation_id'],
    )
    assert.equal(response.headers.get('cache-control'), 'no-store, no-cache')
    assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8')
  })
}

test('every refusal in the table has a request that provokes it', () => {
  const provoked = new Set([...cases.map(({ aadsts }) => aadsts), ...elsewhere])
  const known = Object.keys(refusals).map(Number)
  assert.deepEqual(
    [...provoked].sort((a, b) => a - b),
    known.sort((a, b) => a - b),
  )
})

const correlationId = 'e64db4f4-3d67-4ba1-a04a-4a9dbb7ce0cd'
const carriers: readonly [what: string, body: string, headers: Record<string, string>][] = [
  ['the client-request-id header', '', { 'client-request-id': correlationId }],
  ['the x-ms-client-request-id header', '', { 'x-ms-client-request-id': correlationId }],
  ['a field of the body', `client-request-id=${correlationId}`, {}],
  ['the header, where the body has another', 'client-request-id=5', { 'client-request-id': correlationId }],
]
for (const [what, body, headers] of carriers) {
  test(`the correlation id of ${what} comes back in the refusal`, async () => {
    const response = await stage.post(body, { headers: { ...headers, 'return-client-request-id': 'true' } })
    assert.equal(response.headers.get('client-request-id'), correlationId)
    assert.equal((await bodyOf(response)).correlation_id, correlationId)
  })
}

test('a correlation id that is no GUID is replaced', async () => {
  const { correlation_id } = await bodyOf(stage.post('', { headers: { 'client-request-id': '<x>' } }))
  assert.match(correlation_id, /^[-0-9a-f]{36}$/)
})
