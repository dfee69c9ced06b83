import { isUtf8 } from 'node:buffer'

/** Deepest nesting that is read; the payload of an Entra token has two levels. */
const maxDepth = 16

/**
 * Reads a JSON object as a JOSE header or a claims set must be written (RFC 7515 section 4, RFC 7519 section 4):
 * UTF-8, and no member name twice on any level. `JSON.parse` would keep the last of two and hide the other.
 *
 * @returns The object, frozen through and through, or one clause that says what is wrong with it. The parser's own
 * error is not kept, for it quotes the text.
 */
export function parseStrictJson(bytes: Buffer): Readonly<Record<string, unknown>> | string {
  if (!isUtf8(bytes)) return 'is not UTF-8'
  const text = bytes.toString()
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'is not JSON'
  }
  if (!isObject(value)) return 'is not a JSON object'
  const accounted = freeze(value, maxDepth)
  if (Number.isNaN(accounted)) return 'is nested too deeply'
  return accounted === colons(unescaped(text)) ? value : 'has a member twice'
}

/**
 * Freezes `value` and counts the colons that its text must have: one for each member, and those inside strings. A
 * member that a later one replaced leaves colons in the text which nothing here accounts for.
 *
 * @returns `NaN` when `value` is nested deeper than `depth`.
 */
function freeze(value: object, depth: number): number {
  if (depth === 0) return Number.NaN
  let count = 0
  const isArray = Array.isArray(value)
  for (const [name, child] of Object.entries(value)) {
    if (!isArray) count += 1 + colons(name)
    if (typeof child === 'string') count += colons(child)
    else if (typeof child === 'object' && child !== null) count += freeze(child, depth - 1)
  }
  Object.freeze(value)
  return count
}

function colons(text: string): number {
  let count = 0
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) count++
  return count
}

/** Writes escaped colons as plain ones; what else is escaped has none. */
function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\(u003a|.)/gi, (_, char) => (char.length > 1 ? ':' : '')) : text
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
