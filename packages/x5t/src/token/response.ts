import { maxLifetimeSeconds } from '../entra/longest-life.ts'
import type { HttpResponse } from '../http/exchange.ts'
import { excerpt } from '../internal/redact.ts'
import type { Answer } from './answer.ts'

/** A success, parsed: wire spelling stops here. */
export interface TokenResponse {
  readonly accessToken: string
  readonly tokenType: string
  /** Whole, from the moment the request was sent. At most {@link maxLifetimeSeconds}. */
  readonly lifetimeSeconds: number
  /** When the service wants the token renewed, whole, from the same moment; always above 0 and below the lifetime. */
  readonly refreshInSeconds: number | undefined
  /** The members exactly as the service sent them. */
  readonly wire: Readonly<Record<string, unknown>>
}

/**
 * Reads an answer of the token endpoint. It is a token only if it is 200, JSON, with a non-empty `access_token`, a
 * `token_type` of Bearer and a lifetime.
 *
 * @returns For everything else what is wrong with it, one clause; refusal.ts makes the error of it.
 * @see RFC 6749 sections 5.1 and 5.2
 */
export function parseTokenResponse({ status, wire, flaw }: Answer): TokenResponse | string {
  if (status !== 200) return 'with a refusal'
  if (wire === undefined) return flaw

  const { access_token: accessToken, token_type: tokenType } = wire
  const lifetime = seconds(wire.expires_in)
  const refreshIn = seconds(wire.refresh_in)
  if (typeof accessToken !== 'string' || accessToken === '') {
    return 'without an access_token'
  }
  if (!/^[\x21-\x7e]+$/.test(accessToken)) {
    return 'with an access_token that no header can carry'
  }
  if (typeof tokenType !== 'string' || tokenType.toLowerCase() !== 'bearer') {
    return `with token_type ${shown(tokenType)}, asked for Bearer`
  }
  if (lifetime === undefined || lifetime <= 0) {
    return `with expires_in ${shown(wire.expires_in)}, not a lifetime`
  }
  const lifetimeSeconds = Math.min(lifetime, maxLifetimeSeconds)
  const refreshInSeconds =
    refreshIn !== undefined && refreshIn > 0 && refreshIn < lifetimeSeconds ? refreshIn : undefined
  return { accessToken, tokenType, lifetimeSeconds, refreshInSeconds, wire }
}

/** JSON by its media type and by its text. The parser's own error is not kept, for it quotes the text. */
export function readAnswer(response: HttpResponse): Answer {
  const flawed = (flaw: string): Answer => ({ ...response, wire: undefined, flaw })
  const type = response.headers['content-type']?.toLowerCase() ?? ''
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/.test(type)) {
    return flawed('not with JSON')
  }
  try {
    const text = response.body.toString('utf8').replace(/^\uFEFF/, '')
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return flawed('not with a JSON object')
    }
    // Each member has a colon: with no more colons than members, as in every answer of Entra, none is there twice.
    const members = Object.keys(value).length
    if (text.split(':').length - 1 > members && membersIn(text) > members)
      return flawed('with a member twice')
    const { status, headers, body } = response
    return { status, headers, body, wire: Object(value), flaw: undefined }
  } catch {
    return flawed('not with whole JSON')
  }
}

/** Of the outermost object, with those that stand there twice: two `access_token`s are two tokens for two readers. */
function membersIn(text: string): number {
  let depth = 0
  let members = 0
  for (let part = mark.exec(text); part !== null; part = mark.exec(text)) {
    const [character] = part
    if (character === '{') depth++
    else if (character === '}') depth--
    else if (character === ':' && depth === 1) members++
  }
  return members
}

/** A string, which may hold any of the others, or one of them. Lists have no colons of their own. */
const mark = /"(?:[^"\\]|\\.)*"|[{}:]/g

/**
 * Whole ones, which is what RFC 6749 appendix A.14 has; of others the fraction is cut off, so that none is a moment.
 * Entra: v1 sends numbers as strings, v2 as numbers.
 */
function seconds(value: unknown): number | undefined {
  const isText = typeof value === 'string' && /^\d{1,12}(\.\d+)?$/.test(value.trim())
  const number = isText ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? Math.floor(number) : undefined
}

/** Not by `String`: JSON can hold an object whose `toString` is no function. */
function shown(value: unknown): string {
  return value === undefined ? 'missing' : excerpt(JSON.stringify(value), 20)
}
