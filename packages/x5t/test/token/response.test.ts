import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { TokenEndpointError } from '../../src/errors.ts'
import type { HttpResponse } from '../../src/http/exchange.ts'
import { parseTokenResponse } from '../../src/token/response.ts'
import { json, refusalAnswer, tokenAnswer } from '../support/service.ts'

const parse = (response: HttpResponse) => parseTokenResponse(response, 'login.example', () => ({}))

function refused(response: HttpResponse): TokenEndpointError {
  try {
    parse(response)
  } catch (error) {
    assert.ok(error instanceof TokenEndpointError, String(error))
    return error
  }
  throw new assert.AssertionError({ message: 'the answer was taken for a token' })
}

const good: [string, HttpResponse, { lifetimeSeconds: number; refreshInSeconds?: number }][] = [
  ['numbers as v2 sends them', json(tokenAnswer()), { lifetimeSeconds: 3600 }],
  [
    'strings as v1 sends them',
    json(tokenAnswer({ expires_in: '3599', refresh_in: '1800' })),
    { lifetimeSeconds: 3599, refreshInSeconds: 1800 },
  ],
  ['a byte-order mark', json(`\uFEFF${JSON.stringify(tokenAnswer())}`), { lifetimeSeconds: 3600 }],
  ['another case of bearer', json(tokenAnswer({ token_type: 'bearer' })), { lifetimeSeconds: 3600 }],
  [
    'a nested member of the same name',
    json('{"token_type":"Bearer","x":{"access_token":"a"},"expires_in":60,"access_token":"b"}'),
    { lifetimeSeconds: 60 },
  ],
  [
    'a refresh after the end, which is ignored',
    json(tokenAnswer({ refresh_in: 9999 })),
    { lifetimeSeconds: 3600 },
  ],
  [
    'a life of a century, which is cut',
    json(tokenAnswer({ expires_in: 3_153_600_000 })),
    { lifetimeSeconds: 108_000 },
  ],
]
for (const [what, response, expected] of good) {
  test(`an answer with ${what} is a token`, () => {
    const { lifetimeSeconds, refreshInSeconds } = parse(response)
    assert.deepEqual({ lifetimeSeconds, refreshInSeconds }, { refreshInSeconds: undefined, ...expected })
  })
}

const html = (status: number, text = '<html><title>Sign in</title></html>') => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: Buffer.from(text),
})
const bad: [string, HttpResponse, string, RegExp][] = [
  ['HTML', html(200), 'ERR_RESPONSE_INVALID', /not with JSON: text\/html, begins "<html><title>Sign in/],
  [
    'nothing',
    { status: 200, headers: {}, body: Buffer.alloc(0) },
    'ERR_RESPONSE_INVALID',
    /no content type, empty/,
  ],
  ['{}', json({}), 'ERR_RESPONSE_INVALID', /without an access_token/],
  [
    'an empty token',
    json(tokenAnswer({ access_token: '' })),
    'ERR_RESPONSE_INVALID',
    /without an access_token/,
  ],
  [
    'a token that is no text',
    json(tokenAnswer({ access_token: 7 })),
    'ERR_RESPONSE_INVALID',
    /without an access_token/,
  ],
  ['an array', json([tokenAnswer()]), 'ERR_RESPONSE_INVALID', /not with JSON/],
  ['cut JSON', json('{"access_token":"a'), 'ERR_RESPONSE_INVALID', /not with JSON/],
  [
    'JSON of another type',
    json(tokenAnswer(), { headers: { 'content-type': 'text/plain' } }),
    'ERR_RESPONSE_INVALID',
    /text\/plain/,
  ],
  [
    'two tokens',
    json('{"token_type":"Bearer","expires_in":60,"access_token":"a","access_token":"b"}'),
    'ERR_RESPONSE_INVALID',
    /not with JSON/,
  ],
  ['no token type', json(tokenAnswer({ token_type: undefined })), 'ERR_RESPONSE_INVALID', /token_type/],
  ['another token type', json(tokenAnswer({ token_type: 'pop' })), 'ERR_RESPONSE_INVALID', /token_type pop/],
  ['no lifetime', json(tokenAnswer({ expires_in: undefined })), 'ERR_RESPONSE_INVALID', /expires_in/],
  ['a lifetime of 0', json(tokenAnswer({ expires_in: 0 })), 'ERR_RESPONSE_INVALID', /expires_in 0/],
  ['a negative lifetime', json(tokenAnswer({ expires_in: -5 })), 'ERR_RESPONSE_INVALID', /expires_in -5/],
  [
    'a lifetime that is no number',
    json(tokenAnswer({ expires_in: 'soon' })),
    'ERR_RESPONSE_INVALID',
    /expires_in soon/,
  ],
  [
    'a redirect',
    { status: 307, headers: { location: 'https://evil.example' }, body: Buffer.alloc(0) },
    'ERR_RESPONSE_INVALID',
    /307, a redirect/,
  ],
  ['a refusal', refusalAnswer(700027), 'ERR_ENTRA_REFUSED', /401 \(invalid_client: AADSTS700027: no\.\)/],
  ['a 403 page', html(403), 'ERR_RESPONSE_INVALID', /403: text\/html/],
  [
    '429',
    json({ error: 'x' }, { status: 429, headers: { 'retry-after': '7' } }),
    'ERR_ENTRA_THROTTLED',
    /429/,
  ],
  ['503 HTML', html(503), 'ERR_ENTRA_UNAVAILABLE', /503/],
  [
    'temporarily_unavailable',
    json({ error: 'temporarily_unavailable' }, { status: 400 }),
    'ERR_ENTRA_UNAVAILABLE',
    /temporarily_unavailable/,
  ],
]
for (const [what, response, code, message] of bad) {
  test(`${what} is no token, and the error says what came`, () => {
    const error = refused(response)
    assert.equal(error.code, code)
    assert.match(error.message, message)
    assert.equal(error.status, response.status)
    assert.equal(error.retryable, ['ERR_ENTRA_THROTTLED', 'ERR_ENTRA_UNAVAILABLE'].includes(code))
  })
}

test('ids, codes and text of a refusal are fields of the error, without the trace lines', () => {
  const error = refused(
    json(
      {
        error: 'invalid_client',
        error_description: 'AADSTS700027: no.\r\nTrace ID: t\r\nCorrelation ID: c\r\nTimestamp: x',
        error_codes: [700027, '7'],
        trace_id: 't',
        correlation_id: 'c',
        suberror: 's',
        claims: '{}',
      },
      { status: 401 },
    ),
  )
  const { errorDescription, errorCodes, aadsts, traceId, correlationId, suberror, claims } = error
  assert.deepEqual(
    { errorDescription, errorCodes, aadsts, traceId, correlationId, suberror, claims },
    {
      errorDescription: 'AADSTS700027: no.',
      errorCodes: [700027, 7],
      aadsts: 700027,
      traceId: 't',
      correlationId: 'c',
      suberror: 's',
      claims: '{}',
    },
  )
})

const waits: [Record<string, string>, number | undefined][] = [
  [{ 'retry-after': '120' }, 120_000],
  [{ 'retry-after': 'Mon, 14 Sep 2026 08:00:30 GMT', date: 'Mon, 14 Sep 2026 08:00:00 GMT' }, 30_000],
  [{ 'retry-after': 'Mon, 14 Sep 2026 07:00:00 GMT', date: 'Mon, 14 Sep 2026 08:00:00 GMT' }, 0],
  [{ 'retry-after': '-5' }, undefined],
  [{ 'retry-after': 'soon' }, undefined],
  [{}, undefined],
]
for (const [headers, expected] of waits) {
  test(`Retry-After ${headers['retry-after'] ?? '(none)'} is ${expected ?? 'no'} ms`, () => {
    assert.equal(refused(json({ error: 'x' }, { status: 429, headers })).retryAfterMs, expected)
  })
}

test('what a service echoes of an assertion or token is masked everywhere in the error', () => {
  const secret = `eyJhbGciOiJQUzI1NiJ9.${'c2VjcmV0'.repeat(8)}.c2ln`
  const answers = [
    json({ error: 'invalid_request', error_description: `bad assertion ${secret}` }, { status: 400 }),
    {
      status: 200,
      headers: { 'content-type': 'text/plain' },
      body: Buffer.from(`{"access_token":"${secret}"}`),
    },
    html(502, `<p>${secret}</p>`),
  ]
  for (const answer of answers) assert.ok(!inspect(refused(answer), { depth: 9 }).includes('c2VjcmV0'))
})
