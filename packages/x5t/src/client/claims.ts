/** Entra: this client answers claims challenges, so its tokens may be revocable ones (continuous access evaluation). */
const capability = { xms_cc: { values: ['cp1'] } }

/**
 * The `claims` field of a token request: what a challenge asked for, and what this client can do.
 *
 * @param challenge - JSON text of a challenge.
 * @throws TypeError when `challenge` is not a JSON object.
 */
export function claimsParameter(
  challenge: string | undefined,
  answersChallenges: boolean,
): string | undefined {
  if (challenge === undefined)
    return answersChallenges ? JSON.stringify({ access_token: capability }) : undefined
  const asked = parseObject(challenge)
  if (asked === undefined) throw new TypeError('claims must be the text of a JSON object')
  if (!answersChallenges) return challenge
  return JSON.stringify({ ...asked, access_token: { ...record(asked.access_token), ...capability } })
}

/**
 * The claims an API asks for with a 401: the `claims` parameter of a Bearer challenge with
 * `error="insufficient_claims"`, base64 or base64url, in any of several challenges and in any order.
 *
 * @returns JSON text, or `undefined` if there is no such challenge.
 * @see RFC 9110 section 11.6.1; Entra: claims-challenge
 */
export function challengedClaims(wwwAuthenticate: string | null): string | undefined {
  for (const parameters of bearerChallenges(wwwAuthenticate ?? '')) {
    if (parameters.get('error') !== 'insufficient_claims') continue
    const claims = Buffer.from(parameters.get('claims') ?? '', 'base64').toString('utf8')
    if (parseObject(claims) !== undefined) return claims
  }
  return undefined
}

/** `scheme`, or `name=value` with the value quoted or not; commas and spaces between. */
const part = /([!#$%&'*+\-.^_`|~\w]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/g

function* bearerChallenges(header: string): Generator<Map<string, string>> {
  let parameters: Map<string, string> | undefined
  for (const [, name = '', quoted, token] of header.matchAll(part)) {
    if (quoted === undefined && token === undefined) {
      if (parameters !== undefined) yield parameters
      parameters = name.toLowerCase() === 'bearer' ? new Map() : undefined
    } else {
      parameters?.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token ?? '')
    }
  }
  if (parameters !== undefined) yield parameters
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return record(JSON.parse(text))
  } catch {
    return undefined
  }
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
}
