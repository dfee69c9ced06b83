import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { inspect } from 'node:util'
import type { TokenEndpointError } from '../../src/errors.ts'
import { refusal } from '../../src/token/refusal.ts'
import { parseTokenResponse, readAnswer } from '../../src/token/response.ts'

const now = Date.parse('2026-11-24T12:00:00Z')

function refuse(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
  assertion = '',
): TokenEndpointError {
  const type = typeof body === 'string' ? 'text/html' : 'application/json'
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = readAnswer({
    status,
    headers: { 'content-type': type, ...headers },
    body: Buffer.from(text),
  })
  const explain = ([code]: readonly number[]) =>
    code === 700016 ? { summary: 'no such app', hint: 'look' } : {}
  const token = parseTokenResponse(answer)
  if (typeof token !== 'string') throw new Error('was a token')
  return refusal(answer, token, { host: 'login.example', now, explain, assertion })
}

const entra = {
  error: 'unauthorized_client',
  error_description:
    'AADSTS700016: Application not found. Trace ID: 11111111-2222-3333-4444-555555555555 Correlation ID: x',
  error_codes: [700016],
  correlation_id: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  trace_id: '11111111-2222-3333-4444-555555555555',
  suberror: 'sub',
  claims: '{"access_token":{}}',
}

test('a refusal carries what support asks for, in the words of the service and ours', () => {
  const error = refuse(400, entra)
  assert.equal(error.message, 'no such app (unauthorized_client: AADSTS700016: Application not found.)')
  assert.deepEqual(
    { ...error },
    {
      name: 'TokenEndpointError',
      code: 'ERR_ENTRA_REFUSED',
      hint: 'look',
      status: 400,
      error: 'unauthorized_client',
      errorDescription: 'AADSTS700016: Application not found.',
      errorCodes: [700016],
      suberror: 'sub',
      claims: '{"access_token":{}}',
      correlationId: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
      traceId: '11111111-2222-3333-4444-555555555555',
      retryable: false,
    },
  )
  assert.equal(error.aadsts, 700016)
})

test('an error has no member for a hint or a wait where there is none', () => {
  const membersOf = (error: object) => Object.keys(error).filter((name) => /^(hint|retryAfterMs)$/.test(name))
  assert.deepEqual(membersOf(refuse(429, {})), [])
  assert.deepEqual(membersOf(refuse(429, {}, { 'retry-after': '2' })), ['retryAfterMs'])
  assert.deepEqual(membersOf(refuse(200, {})), ['hint'])
})

test('what a service says is bounded: a line of it in the message, more in the members', () => {
  const long = 'a word '.repeat(1_000)
  const error = refuse(400, { error: long, error_description: long, correlation_id: long, suberror: long })
  const { message, error: said, errorDescription, correlationId, suberror } = error
  const lengths = [said, errorDescription, correlationId, suberror].map((text) => text?.length)
  assert.deepEqual(lengths, [200, 2_000, 200, 200])
  assert.equal(message, `login.example answered 400 (${long.slice(0, 80)}…: ${long.slice(0, 160)}…)`)
})

test('trace lines are cut off, whether a space or a line break goes before them', () => {
  const error_description = 'AADSTS1: no.\r\nTrace ID: x\r\nCorrelation ID: y'
  assert.equal(refuse(400, { ...entra, error_description }).errorDescription, 'AADSTS1: no.')
})

test('ids come from the headers where the body has none, as of a gateway', () => {
  const ids = { 'client-request-id': 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee', 'x-ms-request-id': 'trace' }
  const { correlationId, traceId } = refuse(503, '<html>', ids)
  assert.deepEqual([correlationId, traceId], ['aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee', 'trace'])
})

const codes: readonly [name: string, members: object, expected: number[]][] = [
  ['as numbers', { error_codes: [7, 8] }, [7, 8]],
  ['as strings', { error_codes: ['700024'] }, [700024]],
  ['in the description alone', { error_description: 'AADSTS700024: time' }, [700024]],
  ['not at all', {}, []],
  ['as nonsense', { error_codes: [{ toString: 1 }, 'x', null, 1.5] }, []],
  ['as no list', { error_codes: 5 }, []],
]

for (const [name, members, expected] of codes) {
  test(`AADSTS numbers that come ${name} are ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(refuse(400, { error: 'invalid_client', ...members }).errorCodes, expected)
  })
}

const kinds: readonly [status: number, body: unknown, code: string, retryable: boolean][] = [
  [400, { error: 'invalid_scope' }, 'ERR_ENTRA_REFUSED', false],
  [401, { error: 'invalid_client' }, 'ERR_ENTRA_REFUSED', false],
  [403, { error: 'x' }, 'ERR_ENTRA_REFUSED', false],
  [400, { error: 'temporarily_unavailable' }, 'ERR_ENTRA_UNAVAILABLE', true],
  [408, '', 'ERR_ENTRA_UNAVAILABLE', true],
  [429, {}, 'ERR_ENTRA_THROTTLED', true],
  [500, { error: 'server_error' }, 'ERR_ENTRA_UNAVAILABLE', true],
  [502, '<html>', 'ERR_ENTRA_UNAVAILABLE', true],
  [599, [], 'ERR_ENTRA_UNAVAILABLE', true],
  [401, '<html>', 'ERR_RESPONSE_INVALID', false],
  [404, { message: 'no' }, 'ERR_RESPONSE_INVALID', false],
  [400, [1], 'ERR_RESPONSE_INVALID', false],
  [400, { error: 5 }, 'ERR_RESPONSE_INVALID', false],
  [304, '', 'ERR_RESPONSE_INVALID', false],
]

for (const [status, body, code, retryable] of kinds) {
  test(`${status} with ${JSON.stringify(body)} is ${code}${retryable ? ', worth another try' : ''}`, () => {
    const error = refuse(status, body)
    assert.deepEqual([error.code, error.status, error.retryable], [code, status, retryable])
  })
}

test('a redirect is named by its host alone', () => {
  const { message } = refuse(307, '', { location: 'https://evil.example/?code=secret' })
  assert.match(
    message,
    /answered 307, a redirect to https:\/\/evil\.example; a client assertion goes nowhere else/,
  )
  assert.doesNotMatch(message, /secret/)
})

const date = 'Tue, 24 Nov 2026 12:00:00 GMT'
const pauses: readonly [
  retryAfter: string,
  expected: number | undefined,
  headers?: Record<string, string>,
][] = [
  ['120', 120_000],
  [' 0 ', 0],
  ['Tue, 24 Nov 2026 12:02:00 GMT', 120_000, { date }],
  ['Tue, 24 Nov 2026 12:02:00 GMT', 60_000, { date: 'Tue, 24 Nov 2026 12:01:00 GMT' }],
  ['Tue, 24 Nov 2026 12:02:00 GMT', 120_000],
  ['Tuesday, 24-Nov-26 12:02:00 GMT', 120_000],
  ['Tue Nov 24 12:02:00 2026', 120_000],
  ['Mon, 23 Nov 2026 12:02:00 GMT', 0],
  ['9999999999999999999999', 3_600_000],
  ['Tue, 24 Nov 2099 12:02:00 GMT', 3_600_000],
  ['-5', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['10, 20', undefined],
  ['', undefined],
]

for (const [value, expected, headers] of pauses) {
  test(`Retry-After: ${value} is a pause of ${expected} ms`, () => {
    assert.equal(refuse(429, {}, { 'retry-after': value, ...headers }).retryAfterMs, expected)
  })
}

test('nothing that the service echoes of the request is in the error', () => {
  const assertion = `eyJhbGciOiJQUzI1NiJ9.${'Payload0'.repeat(30)}.${'Signature'.repeat(38)}`
  const echo = Object.fromEntries(
    ['error', 'error_description', 'suberror', 'claims', 'correlation_id', 'trace_id'].map((name) => [
      name,
      name === 'claims' ? JSON.stringify({ assertion }) : `see client_assertion=${assertion}&x=y`,
    ]),
  )
  for (const error of [refuse(400, echo), refuse(503, `<p>${assertion}`), refuse(400, [assertion])]) {
    const seen = inspect(error, { depth: 9 }) + JSON.stringify(error) + error.stack
    assert.doesNotMatch(seen, /Payload0Payload0|SignatureSignature/)
  }
})

/** Each piece of the assertion alone is no longer than a word. */
const separators = [' ', '\n', '", "', '. ', ' and ', '<wbr>', '\n 7: ']

for (const separator of separators) {
  for (const chars of [1, 2, 3, 4, 10, 20]) {
    test(`an echo in pieces of ${chars} with ${JSON.stringify(separator)} between is not in the error`, () => {
      const [header, claims, signature] = [randomBytes(60), randomBytes(300), randomBytes(256)].map((each) =>
        each.toString('base64url'),
      )
      const assertion = `${header}.${claims}.${signature}`
      const pieces = assertion.match(new RegExp(`.{1,${chars}}`, 'g')) ?? []
      const echo = `what came: ${pieces.join(separator)}`
      const members = ['error', 'error_description', 'suberror', 'correlation_id', 'trace_id']
      const wire = Object.fromEntries(members.map((name) => [name, echo]))
      const claimsEcho = { error: 'x', claims: JSON.stringify({ a: pieces }) }
      const ids = { 'x-ms-request-id': pieces.slice(0, 15).join(' ') }
      for (const error of [
        refuse(400, wire, {}, assertion),
        refuse(400, claimsEcho, ids, assertion),
        refuse(503, echo, ids, assertion),
        refuse(200, echo, {}, assertion),
      ]) {
        const seen = inspect(error, { depth: 9 }) + JSON.stringify(error)
        const [characters = '', between = ''] = [seen, separator].map((text) =>
          text.replace(/\\n|[^\w-]/g, ''),
        )
        const inARow = chars < 4 ? 6 : 2
        for (let at = 0; at + inARow <= pieces.length; at++) {
          const some = pieces.slice(at, at + inARow)
          assert.ok(!characters.includes(some.join(between)), seen)
        }
      }
    })
  }
}

test('a part of the assertion is neither in the claims of a refusal nor in what is said of a wrong member', () => {
  const assertion = [60, 300, 256].map((bytes) => randomBytes(bytes).toString('base64url')).join('.')
  for (const part of [assertion.slice(200), assertion.slice(120, 140)]) {
    const refused = refuse(400, { error: 'x', claims: JSON.stringify({ a: part }) }, {}, assertion)
    const wrong = refuse(200, { access_token: 'a', expires_in: 1, token_type: part }, {}, assertion)
    for (const error of [refused, wrong]) {
      const seen = inspect(error, { depth: 9 }) + JSON.stringify(error)
      assert.ok(!seen.includes(part.slice(0, 16)), seen)
    }
  }
})

test('what repeats nothing is shown as it came', () => {
  const assertion = `eyJhbGciOiJQUzI1NiJ9.${randomBytes(300).toString('base64url')}`
  const { errorDescription, correlationId, claims } = refuse(400, entra, {}, assertion)
  assert.deepEqual(
    [errorDescription, correlationId, claims],
    ['AADSTS700016: Application not found.', entra.correlation_id, entra.claims],
  )
})

test('claims too large to be looked through are not passed on', () => {
  const claims = JSON.stringify({
    access_token: { nbf: { essential: true, value: '1' } },
    more: 'x '.repeat(3_000),
  })
  assert.equal(refuse(400, { ...entra, claims }).claims, undefined)
})

test('the message is one line without control characters, whatever the service says', () => {
  const said = 'a\nx5t: done\u001b[2K\rb'
  const { message, error } = refuse(400, { error: said, error_description: said })
  assert.equal(message, 'login.example answered 400 (a x5t: done [2K b: a x5t: done [2K b)')
  assert.equal(error, said)
  for (const status of [200, 307, 400, 503])
    for (const body of [{ error: said }, { access_token: 'a', token_type: said, expires_in: said }, said])
      assert.doesNotMatch(refuse(status, body, { 'content-type': said }).message, /\p{C}/u)
})

test('a huge description is cut', () => {
  const error = refuse(400, { error: 'x', error_description: 'long words '.repeat(50_000) })
  assert.ok(error.message.length < 2_100)
})

test('a token that is no long run of characters is not shown either', () => {
  const access_token = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'
  const errors = [
    refuse(200, JSON.stringify({ access_token })),
    refuse(200, JSON.stringify({ access_token }).replace('_', '\\u005f')),
    refuse(502, `access_token=${access_token}`),
    refuse(400, { error: 'x', error_description: `had access_token=${access_token}` }),
  ]
  for (const error of errors) {
    assert.ok(!inspect(error).includes(access_token), inspect(error))
    assert.match(error.message, /access_token.*\(36 characters\)/)
  }
})
