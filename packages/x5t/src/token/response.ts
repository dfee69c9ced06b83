import type { HttpResponse } from '../http/exchange.ts'
import { excerpt } from '../internal/redact.ts'
import { describe, type Explain, invalid, refusal } from './refusal.ts'

/** A success, parsed: wire spelling stops here. */
export interface TokenResponse {
  readonly accessToken: string
  readonly tokenType: string
  /** From the moment the request was sent. At most {@link maxLifetimeSeconds}. */
  readonly lifetimeSeconds: number
  /** When the service wants the token renewed, from the same moment; always below the lifetime. */
  readonly refreshInSeconds: number | undefined
  /** The members exactly as the service sent them. */
  readonly wire: Readonly<Record<string, unknown>>
}

/** Entra: continuous access evaluation gives up to 28 h. A token is renewed after 30 h whatever its issuer says. */
const maxLifetimeSeconds = 108_000

/**
 * Reads an answer of the token endpoint. It is a token only if it is 200, JSON, with a non-empty `access_token`, a
 * `token_type` of Bearer and a lifetime.
 *
 * @throws TokenEndpointError for everything else, naming what came.
 * @see RFC 6749 sections 5.1 and 5.2
 */
export function parseTokenResponse(response: HttpResponse, host: string, explain: Explain): TokenResponse {
  const { status } = response
  const wire = parseJsonObject(response)
  if (status !== 200) throw refusal(response, wire, host, explain)
  if (wire === undefined)
    throw invalid(response, `${host} answered 200, but not with JSON: ${describe(response)}`)

  const { access_token: accessToken, token_type: tokenType } = wire
  const lifetime = seconds(wire.expires_in)
  const refreshIn = seconds(wire.refresh_in)
  if (typeof accessToken !== 'string' || accessToken === '') {
    throw invalid(response, `${host} answered 200 without an access_token`)
  }
  if (typeof tokenType !== 'string' || tokenType.toLowerCase() !== 'bearer') {
    throw invalid(
      response,
      `${host} answered with token_type ${excerpt(String(tokenType), 20)}, asked for Bearer`,
    )
  }
  if (lifetime === undefined || lifetime <= 0) {
    throw invalid(
      response,
      `${host} answered with expires_in ${excerpt(String(wire.expires_in), 20)}, not a lifetime`,
    )
  }
  const lifetimeSeconds = Math.min(lifetime, maxLifetimeSeconds)
  const refreshInSeconds =
    refreshIn !== undefined && refreshIn > 0 && refreshIn < lifetimeSeconds ? refreshIn : undefined
  return { accessToken, tokenType, lifetimeSeconds, refreshInSeconds, wire }
}

/** JSON by its media type and by its text; anything but an object is `undefined`. */
function parseJsonObject({ headers, body }: HttpResponse): Record<string, unknown> | undefined {
  if (!/^application\/([a-z0-9.-]+\+)?json\b/i.test(headers['content-type'] ?? '')) return undefined
  try {
    const text = body.toString('utf8').replace(/^\uFEFF/, '')
    const value: unknown = JSON.parse(text)
    return isObject(value) && !repeatsMember(text) ? value : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Two `access_token` members mean two readers may see two tokens. `text` is known to be a JSON object. */
function repeatsMember(text: string): boolean {
  const names = new Set<string>()
  let depth = 0
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    if (part === '{' || part === '[') depth++
    else if (part === '}' || part === ']') depth--
    else if (depth === 1 && part.endsWith(':')) {
      const name = part.slice(0, -1).trimEnd()
      if (names.has(name)) return true
      names.add(name)
    }
  }
  return false
}

/** Entra: v1 sends numbers as strings, v2 as numbers. */
function seconds(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  return typeof value === 'string' && /^\d{1,12}$/.test(value.trim()) ? Number(value) : undefined
}
