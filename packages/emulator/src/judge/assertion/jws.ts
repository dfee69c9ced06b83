import { isDeeper, isObject } from '../../directory/definition.ts'

/** A client assertion, taken apart but not believed. */
export interface Jws {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  /** The bytes that were signed: `header.payload` as sent. */
  readonly signed: Buffer
  readonly signature: Buffer
}

const base64url = /^[A-Za-z0-9_-]+$/

/** Guess: the bound of the service's JSON reader. Whatever is shown or written out later is no deeper. */
const deepest = 64

/**
 * JWS compact serialization, RFC 7515 section 7.1; undefined where it is not three parts around two JSON objects, or
 * they are nested deeper than 64.
 */
export function parseJws(assertion: string): Jws | undefined {
  const [header = '', payload = '', signature = '', ...rest] = assertion.split('.')
  if (rest.length > 0 || ![header, payload, signature].every((part) => base64url.test(part))) return undefined
  const [headerObject, claims] = [jsonObject(header), jsonObject(payload)]
  if (headerObject === undefined || claims === undefined) return undefined
  return {
    header: headerObject,
    claims,
    signed: Buffer.from(`${header}.${payload}`),
    signature: Buffer.from(signature, 'base64url'),
  }
}

function jsonObject(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    if (!isObject(value) || isDeeper(value, deepest)) return undefined
    return value
  } catch {
    return undefined
  }
}
