import type { Exchange, HttpRequest, HttpResponse } from '../../src/http/exchange.ts'

/** An answer of the token endpoint. */
export function json(
  body: unknown,
  { status = 200, headers = {} as Record<string, string> } = {},
): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  }
}

export const tokenAnswer = (changes: Record<string, unknown> = {}) => ({
  token_type: 'Bearer',
  expires_in: 3600,
  ext_expires_in: 3600,
  access_token: 'the-token',
  ...changes,
})

export const refusalAnswer = (code: number, status = 401, headers = {}) =>
  json(
    { error: 'invalid_client', error_description: `AADSTS${code}: no.`, error_codes: [code] },
    { status, headers },
  )

/** A scripted service: one answer after the other, the last one for ever. It keeps what was asked. */
export function scripted(
  ...answers: (HttpResponse | Error | ((request: HttpRequest) => HttpResponse | Promise<HttpResponse>))[]
) {
  const requests: HttpRequest[] = []
  const exchange: Exchange = async (request) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)]
    requests.push(request)
    if (answer instanceof Error) throw answer
    if (answer === undefined) throw new Error('no answer is scripted')
    return typeof answer === 'function' ? answer(request) : answer
  }
  return {
    requests,
    exchange,
    assertions: () => requests.map(({ body }) => new URLSearchParams(body).get('client_assertion') ?? ''),
  }
}

/** The same as a `fetch`. */
export function asFetch(exchange: Exchange): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const { status, headers, body } = await exchange({
      method: init.method === 'POST' ? 'POST' : 'GET',
      url: new URL(String(input)),
      headers: {},
      body: String(init.body),
      signal: init.signal ?? undefined,
    })
    return new Response(new Uint8Array(body), { status, headers: headers as Record<string, string> }) // none is undefined here
  }
}

/** A clock that stands still until it is told. */
export function stillClock(start = Date.parse('2026-09-14T08:00:00Z')) {
  let time = start
  const read = () => time
  return {
    wall: read,
    steady: read,
    now: read,
    pass: (ms: number) => {
      time += ms
    },
  }
}
