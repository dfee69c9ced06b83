import { CliError } from '../cli-error.ts'
import { readUpTo } from '../read-up-to.ts'

/** A page of a collection, as Graph and other OData services send it. */
export interface Page {
  readonly items: readonly unknown[]
  readonly next: URL | undefined
}

const maxPageBytes = 32 * 1_024 * 1_024

/**
 * Reads `value` and `@odata.nextLink`. The next page must be of the origin that was called, not of one that a redirect
 * led to: its address comes from the answer, and the token goes there.
 *
 * @param origin - Where the token may go.
 * @throws CliError `ERR_API_REFUSED` for an answer that is no page.
 */
export async function readPage(response: Response, url: URL, origin: string): Promise<Page> {
  const { bytes, whole } = await readUpTo(response.body, maxPageBytes)
  if (!whole) throw noPage(url, 'a page is longer than 32 MiB')
  const { value, '@odata.nextLink': link } = parse(bytes.toString('utf8'), url)
  if (!Array.isArray(value)) throw noPage(url, 'the answer has no list in `value`')
  if (link === undefined) return { items: value, next: undefined }
  const next = typeof link === 'string' && URL.canParse(link) ? new URL(link) : undefined
  if (next === undefined) throw noPage(url, '@odata.nextLink is no address')
  if (next.origin !== origin) {
    throw noPage(url, `@odata.nextLink leads to ${next.origin}; the token stays with ${origin}`)
  }
  return { items: value, next }
}

function parse(text: string, url: URL): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // said below, in words about the answer
  }
  throw noPage(url, 'the answer is no JSON object')
}

export function noPage(url: URL, clause: string): CliError {
  return new CliError('ERR_API_REFUSED', `${url.host}${url.pathname} cannot be paginated: ${clause}`)
}
