import { type Answer, answer, type Expected, error, type Fault, granted, ok } from './fault.ts'

const html = { 'content-type': 'text/html' }
const inFuture = (ms: number) => new Date(Date.now() + ms).toUTCString()
const refused = (status: number): Expected => ({
  code: 'ERR_ENTRA_REFUSED',
  status,
  retryable: false,
  requests: 1,
})
const notOurs = (status: number): Expected => ({
  code: 'ERR_RESPONSE_INVALID',
  status,
  retryable: false,
  requests: 1,
})
const throttled = (retryAfterMs: number | undefined): Expected => ({
  code: 'ERR_ENTRA_THROTTLED',
  status: 429,
  retryable: true,
  retryAfterMs,
  requests: 1,
})
const down: Expected = { code: 'ERR_ENTRA_UNAVAILABLE', status: 503, retryable: true, requests: 3 }

const one = (name: string, first: Answer, expected: Expected): Fault => ({ name, answers: [first], expected })
const then = (name: string, first: Answer): Fault => ({
  name: `${name}, then a token`,
  answers: [first, granted],
  expected: ok(2),
})
const slowDown = (retryAfter: string, headers = {}) =>
  error(429, {}, { 'retry-after': retryAfter, ...headers })

const redirect = (status: number, to: (elsewhere: string) => string): Answer => {
  return ({ response, elsewhere }) => response.writeHead(status, { location: to(elsewhere) }).end()
}
const redirects = [301, 302, 303, 307, 308].map((status) =>
  one(
    `${status} to another host`,
    redirect(status, (elsewhere) => `${elsewhere}/token`),
    notOurs(status),
  ),
)

/** Everything a service may echo of a request, in every place it may put it. */
const echo: Answer = ({ response, form }) => {
  const assertion = form.get('client_assertion') ?? ''
  const said = `Invalid assertion ${assertion} in client_assertion=${assertion}`
  const names = [
    'error',
    'error_description',
    'suberror',
    'claims',
    'correlation_id',
    'trace_id',
    'error_uri',
  ]
  const body = Object.fromEntries(names.map((name) => [name, said]))
  response.writeHead(400, {
    'content-type': 'application/json',
    'x-ms-request-id': assertion.slice(0, 4_000),
  })
  response.end(JSON.stringify(body))
}
const echoPage: Answer = ({ response, form }) => {
  response.writeHead(503, html).end(`<pre>${form}</pre>`)
}

/** Answers that are no 200. */
export const statuses: readonly Fault[] = [
  ...redirects,
  one(
    '307 to plain http',
    redirect(307, (elsewhere) => elsewhere.replace('127.0.0.1', 'localhost')),
    notOurs(307),
  ),
  one(
    '302 to the same host',
    redirect(302, () => '/other'),
    notOurs(302),
  ),
  one('300 without a place to go', answer(300, ''), notOurs(300)),
  one('304', ({ response }) => response.writeHead(304).end(), notOurs(304)),
  one('400 invalid_scope', error(400, { error: 'invalid_scope' }), refused(400)),
  one('401 invalid_client', error(401, { error: 'invalid_client' }), refused(401)),
  one('403', error(403, { error: 'access_denied' }), refused(403)),
  one('401 with Retry-After', error(401, { error: 'x' }, { 'retry-after': '0' }), refused(401)),
  one('401 as HTML', answer(401, '<html>Proxy', html), notOurs(401)),
  one('404 as HTML', answer(404, '<html>', html), notOurs(404)),
  one('400 as a JSON array', answer(400, '["no"]'), notOurs(400)),
  one(
    '400 with a huge description',
    error(400, { error: 'x', error_description: 'no '.repeat(99_999) }),
    refused(400),
  ),
  one(
    '400 with nonsense for numbers',
    error(400, { error: 'x', error_codes: [{ toString: 1 }, 'y'] }),
    refused(400),
  ),
  one('400 that echoes the assertion everywhere', echo, refused(400)),
  one('503 that echoes the request', echoPage, down),
  one('status 418', error(418, { error: 'teapot' }), refused(418)),
  one('status 999', ({ response }) => response.writeHead(999).end(), {
    code: 'ERR_ENTRA_UNAVAILABLE',
    status: 999,
    requests: 3,
  }),
  then('408', answer(408, '', html)),
  then('429 without Retry-After', error(429, {})),
  then('429, Retry-After 0', slowDown('0')),
  then('429, Retry-After 1', slowDown('1')),
  then('429, Retry-After of the past', slowDown(inFuture(-60_000))),
  then('429, a negative Retry-After', slowDown('-30')),
  then('429, Retry-After soon', slowDown('soon')),
  one('429, Retry-After 120', slowDown('120'), throttled(120_000)),
  one('429, Retry-After for ever', slowDown('99999999999'), throttled(3_600_000)),
  one('429, Retry-After as a date', slowDown(inFuture(86_400_000)), throttled(3_600_000)),
  then('500', error(500, { error: 'server_error' })),
  then('502 as HTML', answer(502, '<html>Bad gateway', html)),
  then('503 empty', answer(503, '')),
  then('504', answer(504, 'timeout', { 'content-type': 'text/plain' })),
  one('503 for ever', error(503, { error: 'temporarily_unavailable' }), down),
  then(
    'temporarily_unavailable with 400',
    error(400, { error: 'temporarily_unavailable', error_codes: [90033] }),
  ),
]
