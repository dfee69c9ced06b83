import { brotliCompressSync, gzipSync } from 'node:zlib'
import { answer, type Fault, ok, tokenWith } from './fault.ts'

const json = { 'content-type': 'application/json' }
const body = tokenWith()
const noToken = (message: RegExp) => ({
  code: 'ERR_RESPONSE_INVALID',
  requests: 1,
  status: 200,
  retryable: false,
  message,
})

const fault = (
  name: string,
  text: string | Buffer,
  expected: Fault['expected'],
  headers: Record<string, string> = {},
): Fault => ({ name, answers: [answer(200, text, { ...json, ...headers })], expected })

/** A 200 that is not what it should be. */
export const bodies: readonly Fault[] = [
  fault('a login page', '<html>Sign in to Wi-Fi', noToken(/text\/html, begins "<html>Sign in to Wi-Fi"/), {
    'content-type': 'text/html',
  }),
  fault('an empty body', '', noToken(/application\/json, empty/)),
  fault('{}', '{}', noToken(/without an access_token/)),
  fault('an array', '[]', noToken(/not with a JSON object/)),
  fault('null', 'null', noToken(/not with a JSON object/)),
  fault('half of the JSON', body.slice(0, -10), noToken(/not with whole JSON/)),
  fault('the JSON twice', body + body, noToken(/not with whole JSON/)),
  fault('JSON of another type', body, noToken(/text\/plain/), { 'content-type': 'text/plain' }),
  fault('JSON that says it is HTML', body, noToken(/text\/html/), { 'content-type': 'text/html' }),
  fault('an empty content type', body, noToken(/not with JSON/), { 'content-type': '' }),
  fault('a type that begins alike', body, noToken(/jsonp/), { 'content-type': 'application/jsonp' }),
  fault('a +json type', body, ok(), { 'content-type': 'application/token+json; charset=utf-8' }),
  fault('a byte-order mark', `\uFEFF${body}`, ok()),
  fault('UTF-16', Buffer.from(`\uFEFF${body}`, 'utf16le'), noToken(/not with whole JSON/)),
  fault('the token twice', body.replace('{', '{"access_token":"other",'), noToken(/a member twice/)),
  fault(
    'the token twice, once in disguise',
    body.replace('{', '{"access\\u005ftoken":"other",'),
    noToken(/a member twice/),
  ),
  fault('a nested object that repeats itself', body.replace('{', '{"x":{"a":1,"a":1},'), ok()),
  fault('no token', tokenWith({ access_token: undefined }), noToken(/without an access_token/)),
  fault('an empty token', tokenWith({ access_token: '' }), noToken(/without an access_token/)),
  fault('a token that is a number', tokenWith({ access_token: 1 }), noToken(/without an access_token/)),
  fault(
    'a token that is an object',
    tokenWith({ access_token: { toString: 1 } }),
    noToken(/without an access_token/),
  ),
  fault(
    'a token that ends the header',
    tokenWith({ access_token: 'x\r\nEvil: 1' }),
    noToken(/no header can carry/),
  ),
  fault('no token_type', tokenWith({ token_type: undefined }), noToken(/token_type missing/)),
  fault('token_type pop', tokenWith({ token_type: 'pop' }), noToken(/token_type "pop"/)),
  fault('a hostile token_type', tokenWith({ token_type: { toString: 1 } }), noToken(/token_type \{/)),
  fault('token_type bearer', tokenWith({ token_type: 'bearer' }), ok()),
  fault('no expires_in', tokenWith({ expires_in: undefined }), noToken(/expires_in missing/)),
  fault('expires_in as a string', tokenWith({ expires_in: '3599' }), { ...ok(), lifetimeSeconds: 3_599 }),
  fault('a negative expires_in', tokenWith({ expires_in: -1 }), noToken(/expires_in -1/)),
  fault('expires_in 0', tokenWith({ expires_in: 0 }), noToken(/expires_in 0/)),
  fault('expires_in "NaN"', tokenWith({ expires_in: 'NaN' }), noToken(/expires_in "NaN"/)),
  fault('expires_in NaN, no JSON', body.replace('3600', 'NaN'), noToken(/not with whole JSON/)),
  fault('expires_in 1e999', body.replace('3600', '1e999'), noToken(/not a lifetime/)),
  fault('expires_in 1e12', tokenWith({ expires_in: 1e12 }), { ...ok(), lifetimeSeconds: 108_000 }),
  fault('refresh_in after the end', tokenWith({ refresh_in: 7_200 }), ok()),
  fault('a negative refresh_in', tokenWith({ refresh_in: -7_200 }), ok()),
  fault('a __proto__ member', body.replace('{', '{"__proto__":{"access_token":"evil"},'), ok()),
  fault('an OAuth error with status 200', '{"error":"invalid_client"}', noToken(/without an access_token/)),
  fault('brackets without end', '['.repeat(900_000), noToken(/not with whole JSON/)),
  fault('a Content-Encoding of gzip that is none', body, ok(), { 'content-encoding': 'gzip' }),
  fault('a Content-Encoding of br that is none', body, ok(), { 'content-encoding': 'br' }),
  fault('gzip that nobody asked for', gzipSync(body), noToken(/in gzip, begins/), {
    'content-encoding': 'gzip',
  }),
  fault('brotli that nobody asked for', brotliCompressSync(body), noToken(/in br, begins/), {
    'content-encoding': 'br',
  }),
  fault('ten megabytes of spaces', Buffer.alloc(10_000_000, ' '), {
    code: 'ERR_RESPONSE_INVALID',
    requests: 1,
    message: /sent more than 1048576 bytes/,
  }),
  {
    name: 'a body without end',
    answers: [
      ({ response }) => {
        response.writeHead(200, json)
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536, ' ')));
        }
        response.on('drain', more)
        more()
      },
    ],
    expected: { code: 'ERR_RESPONSE_INVALID', requests: 1, message: /sent more than 1048576 bytes/ },
  },
  {
    name: '201 with a token',
    answers: [answer(201, body)],
    expected: { code: 'ERR_RESPONSE_INVALID', requests: 1 },
  },
  { name: '204', answers: [answer(204, '')], expected: { code: 'ERR_RESPONSE_INVALID', requests: 1 } },
  {
    name: '206 with a token',
    answers: [answer(206, body)],
    expected: { code: 'ERR_RESPONSE_INVALID', requests: 1 },
  },
]
