import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TokenEndpointError } from '../../src/errors.ts'
import { refusal } from '../../src/token/refusal.ts'
import { parseTokenResponse, readAnswer, type TokenResponse } from '../../src/token/response.ts'

const json = { 'content-type': 'application/json' }
const context = { host: 'login.example', now: 0, explain: () => ({}), assertion: '' }
const good = { token_type: 'Bearer', expires_in: 3_600, access_token: 'abc' }

function parse(body: string | Buffer, headers: Record<string, string> = json, status = 200): TokenResponse {
  const answer = readAnswer({ status, headers, body: Buffer.from(body) })
  const token = parseTokenResponse(answer)
  if (typeof token === 'string') throw refusal(answer, token, context)
  return token
}

const accepted: readonly [name: string, body: string, expected: object, headers?: Record<string, string>][] =
  [
    [
      'the v2 answer',
      JSON.stringify(good),
      { accessToken: 'abc', tokenType: 'Bearer', lifetimeSeconds: 3_600 },
    ],
    [
      'numbers as strings, as v1 sends them',
      JSON.stringify({ ...good, expires_in: '3599' }),
      { lifetimeSeconds: 3_599 },
    ],
    [
      'a string with a fraction, which is cut off',
      JSON.stringify({ ...good, expires_in: ' 3599.9 ', refresh_in: '1800.5' }),
      { lifetimeSeconds: 3_599, refreshInSeconds: 1_800 },
    ],
    [
      'a number with a fraction, which is cut off',
      JSON.stringify({ ...good, expires_in: 3_599.9, refresh_in: 1_800.5 }),
      { lifetimeSeconds: 3_599, refreshInSeconds: 1_800 },
    ],
    ['a byte-order mark', `\uFEFF${JSON.stringify(good)}`, { accessToken: 'abc' }],
    [
      'a charset',
      JSON.stringify(good),
      { accessToken: 'abc' },
      { 'content-type': 'Application/JSON; charset=utf-8' },
    ],
    [
      'a +json type',
      JSON.stringify(good),
      { accessToken: 'abc' },
      { 'content-type': 'application/vnd.x+json' },
    ],
    ['bearer in lower case', JSON.stringify({ ...good, token_type: 'bearer' }), { tokenType: 'bearer' }],
    ['refresh_in', JSON.stringify({ ...good, refresh_in: '1800' }), { refreshInSeconds: 1_800 }],
    [
      'a refresh_in past the end, ignored',
      JSON.stringify({ ...good, refresh_in: 3_600 }),
      { refreshInSeconds: undefined },
    ],
    [
      'a lifetime of centuries, cut to 30 h',
      JSON.stringify({ ...good, expires_in: 1e12 }),
      { lifetimeSeconds: 108_000 },
    ],
    [
      'a member twice in a nested object',
      JSON.stringify(good).replace('{', '{"x":{"a":1,"a":2},'),
      { accessToken: 'abc' },
    ],
    [
      'the same name on two levels',
      JSON.stringify({ ...good, x: { access_token: 'no' } }),
      { accessToken: 'abc' },
    ],
    [
      'a value that looks like a name',
      JSON.stringify({ ...good, x: '"access_token":', y: ['access_token'] }),
      { accessToken: 'abc' },
    ],
  ]

for (const refresh_in of [-1, 0, 0.001, '0.999', 108_000]) {
  test(`a refresh_in of ${refresh_in} s is ignored where the token lives 30 h`, () => {
    const { refreshInSeconds } = parse(JSON.stringify({ ...good, expires_in: 1e12, refresh_in }))
    assert.equal(refreshInSeconds, undefined)
  })
}

for (const [name, body, expected, headers] of accepted) {
  test(`a token response may have ${name}`, () => {
    const parsed: Record<string, unknown> = { ...parse(body, headers) }
    for (const [member, value] of Object.entries(expected)) assert.equal(parsed[member], value, member)
  })
}

const wrong: readonly [
  name: string,
  body: string | Buffer,
  says: RegExp,
  headers?: Record<string, string>,
][] = [
  [
    'HTML',
    '<html>Sign in',
    /not with JSON: text\/html, begins "<html>Sign in"/,
    { 'content-type': 'text/html' },
  ],
  ['no content type', JSON.stringify(good), /not with JSON: no content type/, {}],
  ['text/plain', JSON.stringify(good), /not with JSON: text\/plain/, { 'content-type': 'text/plain' }],
  [
    'json-seq',
    JSON.stringify(good),
    /not with JSON: application\/json-seq/,
    { 'content-type': 'application/json-seq' },
  ],
  ['nothing', '', /not with whole JSON: application\/json, empty/],
  ['half of it', JSON.stringify(good).slice(0, -9), /not with whole JSON/],
  ['more than it', `${JSON.stringify(good)}}`, /not with whole JSON/],
  ['UTF-16', Buffer.from(JSON.stringify(good), 'utf16le'), /not with whole JSON/],
  ['gzip', '\u001f\u008b\b', /application\/json in gzip, begins/, { ...json, 'content-encoding': 'gzip' }],
  ['an array', '[]', /not with a JSON object/],
  ['null', 'null', /not with a JSON object/],
  ['a nesting without end', '['.repeat(500_000), /not with whole JSON/],
  ['{}', '{}', /without an access_token/],
  ['an empty token', JSON.stringify({ ...good, access_token: '' }), /without an access_token/],
  ['a number as token', JSON.stringify({ ...good, access_token: 1 }), /without an access_token/],
  [
    'a token with a line break',
    JSON.stringify({ ...good, access_token: 'a\r\nx: y' }),
    /that no header can carry/,
  ],
  ['a token with a space', JSON.stringify({ ...good, access_token: 'a b' }), /that no header can carry/],
  ['two tokens', JSON.stringify(good).replace('{', '{"access_token":"x",'), /with a member twice/],
  [
    'two tokens, one escaped',
    JSON.stringify(good).replace('{', '{"access\\u005ftoken":"x",'),
    /with a member twice/,
  ],
  [
    'two tokens, spaces around',
    JSON.stringify(good).replace('{', '{"access_token"  :"x",'),
    /with a member twice/,
  ],
  [
    'no token_type',
    JSON.stringify({ ...good, token_type: undefined }),
    /with token_type missing, asked for Bearer/,
  ],
  ['pop', JSON.stringify({ ...good, token_type: 'pop' }), /with token_type "pop", asked for Bearer/],
  [
    'a hostile object',
    JSON.stringify({ ...good, token_type: { toString: 1 } }),
    /with token_type \{"toString":1\}/,
  ],
  [
    'no expires_in',
    JSON.stringify({ ...good, expires_in: undefined }),
    /with expires_in missing, not a lifetime/,
  ],
  ['an expires_in of 0', JSON.stringify({ ...good, expires_in: 0 }), /with expires_in 0, not/],
  ['an expires_in of a moment', JSON.stringify({ ...good, expires_in: 0.9 }), /with expires_in 0\.9, not/],
  ['a negative expires_in', JSON.stringify({ ...good, expires_in: -5 }), /with expires_in -5, not/],
  ['expires_in "-5"', JSON.stringify({ ...good, expires_in: '-5' }), /with expires_in "-5", not/],
  ['expires_in "1."', JSON.stringify({ ...good, expires_in: '1.' }), /with expires_in "1\.", not/],
  ['expires_in "NaN"', JSON.stringify({ ...good, expires_in: 'NaN' }), /with expires_in "NaN", not/],
  ['expires_in 1e999', JSON.stringify(good).replace('3600', '1e999'), /with expires_in null, not/],
  [
    'an expires_in without end',
    JSON.stringify({ ...good, expires_in: '9'.repeat(21) }),
    /with expires_in "9{19}…, not a lifetime/,
  ],
  ['expires_in true', JSON.stringify({ ...good, expires_in: true }), /with expires_in true, not/],
]

for (const [name, body, says, headers] of wrong) {
  test(`a 200 with ${name} is no token and says so`, () => {
    assert.throws(() => parse(body, headers), {
      code: 'ERR_RESPONSE_INVALID',
      status: 200,
      retryable: false,
      message: says,
    })
  })
}

for (const status of [201, 202, 204, 206, 226]) {
  test(`${status} is no token, whatever it holds`, () => {
    assert.throws(() => parse(JSON.stringify(good), json, status), { code: 'ERR_RESPONSE_INVALID', status })
  })
}

test('a half token is not shown in the error', () => {
  const half = JSON.stringify({ ...good, access_token: 'A'.repeat(2_000) }).slice(0, -900)
  assert.throws(
    () => parse(half),
    (error: unknown) => error instanceof TokenEndpointError && !error.message.includes('A'.repeat(24)),
  )
})
