import { Refusal } from '../refusal/refusal.ts'

export interface DecodedAssertion {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  readonly signingInput: Buffer
  readonly signature: Buffer
}

/** Three base64url parts without padding, the first two JSON objects. @see RFC 7515 section 7.1 */
export function decodeAssertion(jwt: string): DecodedAssertion {
  const parts = jwt.split('.')
  const [header = '', claims = '', signature = ''] = parts
  if (parts.length !== 3 || !parts.every((part) => /^[\w-]*$/.test(part))) throw new Refusal(50027)
  return {
    header: jsonObject(header),
    claims: jsonObject(claims),
    signingInput: Buffer.from(`${header}.${claims}`),
    signature: Buffer.from(signature, 'base64url'),
  }
}

function jsonObject(part: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    throw new Refusal(50027)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal(50027)
  return { ...value }
}
