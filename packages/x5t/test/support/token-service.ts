import { decodeJwt, decodeProtectedHeader } from 'jose'

/** One token request, as a service sees it. */
export interface Asked {
  readonly url: string
  readonly form: URLSearchParams
  readonly claims: Record<string, unknown>
  readonly header: Record<string, unknown>
  readonly signal: AbortSignal
}

export type Answering = (asked: Asked, number: number) => Response | Promise<Response>

/** A token endpoint behind an injected `fetch`. Answers with `token-1`, `token-2` … where `answering` says nothing. */
export function tokenService(answering: Answering = (_, number) => granted(`token-${number}`)) {
  const asked: Asked[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const form = new URLSearchParams(String(init?.body))
    const assertion = form.get('client_assertion') ?? ''
    const one = {
      url: String(input),
      form,
      claims: decodeJwt(assertion),
      header: { ...decodeProtectedHeader(assertion) },
      signal: init?.signal ?? new AbortController().signal,
    }
    asked.push(one)
    return answering(one, asked.length)
  }
  return { asked, fetch }
}

export function granted(
  accessToken: string,
  members: object = {},
  headers: Record<string, string> = {},
): Response {
  return json(
    200,
    { token_type: 'Bearer', expires_in: 3_600, access_token: accessToken, ...members },
    headers,
  )
}

export function refused(status: number, body: object, headers: Record<string, string> = {}): Response {
  return json(status, body, headers)
}

function json(status: number, body: object, headers: Record<string, string>): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  })
}
