import type { AuthorizedFetch } from 'x5t'
import { CliError } from '../cli-error.ts'
import type { Terminal } from '../terminal.ts'

export interface Call {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly scope: string
  /** Who says so: `--scope`, or other words. */
  readonly scopeFrom: string
  /** Of `--profile`, for hints. */
  readonly profile: string | undefined
  /** A new one for each try; undefined where the method has none. */
  readonly body: (() => NonNullable<RequestInit['body']>) | undefined
  readonly signal: AbortSignal
}

export interface Senders {
  /** Attaches a token, and answers a claims challenge unless that token is due. */
  readonly authorized: AuthorizedFetch
  /** True where the token was a remembered one, which `authorized` then attaches no more; false for a challenge that it has answered. */
  readonly renew: (isChallenge: boolean) => Promise<boolean>
  /** Attaches nothing. */
  readonly bare: typeof globalThis.fetch
  readonly terminal: Terminal
  /** Lets milliseconds pass. */
  readonly pause: (ms: number) => Promise<void>
}

const maxRedirects = 5
const maxTries = 3
const longestRetryAfterSeconds = 60

/**
 * Sends, and goes where the API points: on its own origin with the token, elsewhere without it, and only to read.
 * Reading is tried again where the API says when (`Retry-After` with 429 or 503).
 *
 * @throws CliError `ERR_API_REFUSED` for a redirect that leads nowhere good; TransportError when no answer came.
 */
export async function sendCall(call: Call, senders: Senders): Promise<{ response: Response; url: URL }> {
  let { url, method, body } = call
  let withToken = true
  for (let redirects = 0; ; redirects++) {
    const response = await sendOnce({ ...call, url, method, body }, withToken, senders)
    const location = response.headers.get('location')
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return { response, url }
    await response.body?.cancel()
    if (redirects >= maxRedirects) throw astray(url, `redirects more than ${maxRedirects} times`)
    const target = URL.canParse(location, url.href) ? new URL(location, url) : undefined
    if (target === undefined) throw astray(url, 'redirects to what is no address')
    const reads = method === 'GET' || method === 'HEAD'
    if (response.status === 303 && !reads) [method, body] = ['GET', undefined]
    else if (!reads && response.status < 307)
      throw astray(url, `answers ${method} with a redirect (${response.status})`)
    if (target.origin !== call.url.origin) {
      if (method !== 'GET' && method !== 'HEAD') throw astray(url, `redirects ${method} to ${target.origin}`)
      if (target.protocol !== 'https:' && url.protocol === 'https:') {
        throw astray(url, `redirects to ${target.origin}, which is not https`)
      }
      withToken = false
      senders.terminal.note(`redirected to ${target.origin}: followed without the token`)
    }
    url = target
  }
}

async function sendOnce(call: Call, withToken: boolean, senders: Senders): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const response = await (withToken ? sendAuthorized : sendBare)(call, senders)
    const waitSeconds = retryAfter(response)
    if (call.method !== 'GET' || waitSeconds === undefined || attempt >= maxTries) return response
    await response.body?.cancel()
    senders.terminal.note(`${call.url.host} asks to wait ${waitSeconds} s (${response.status})`)
    await senders.pause(waitSeconds * 1_000)
    call.signal.throwIfAborted()
  }
}

/**
 * A remembered token may be older than a grant, or than the keys of an emulator: refused, it gives way to a new one.
 *
 * @see RFC 9110 sections 15.5.2 and 15.5.4: a refused request may be repeated with new credentials.
 */
async function sendAuthorized(call: Call, { authorized, renew, terminal }: Senders): Promise<Response> {
  const { url, scope, body } = call
  const send = () => authorized(url, { ...init(call, body), scope })
  const response = await send()
  const { status, headers } = response
  const isChallenge = headers.get('www-authenticate')?.includes('insufficient_claims') === true
  if ((status !== 401 && status !== 403) || !(await renew(isChallenge))) return response
  await response.body?.cancel()
  terminal.note(`${url.host} refused the remembered token (${status}): sent again with a new one`)
  return send()
}

function sendBare({ url, body, ...call }: Call, { bare }: Senders): Promise<Response> {
  const headers = new Headers(call.headers)
  for (const name of ['authorization', 'cookie']) headers.delete(name)
  return bare(url, init({ ...call, headers }, body))
}

function init({ method, headers, signal }: Pick<Call, 'method' | 'headers' | 'signal'>, body: Call['body']) {
  const streams = body !== undefined && { body: body(), duplex: 'half' as const }
  return { method, headers: new Headers(headers), signal, redirect: 'manual' as const, ...streams }
}

/** Seconds; a date or a longer wait is the caller's to decide. */
function retryAfter({ status, headers }: Response): number | undefined {
  const value = headers.get('retry-after') ?? ''
  const seconds = /^\d{1,6}$/.test(value) ? Number(value) : Number.NaN
  return (status === 429 || status === 503) && seconds <= longestRetryAfterSeconds ? seconds : undefined
}

function astray(url: URL, clause: string): CliError {
  return new CliError('ERR_API_REFUSED', `${url.host} ${clause}; the call ends here`)
}
