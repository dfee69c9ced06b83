import type { Context } from '../command.ts'
import { createProgress } from '../progress.ts'
import { sayIfSlow } from '../slow-work.ts'
import { apiError } from './api-error.ts'
import type { ByteWriter } from './byte-writer.ts'
import { noPage, readPage } from './pages.ts'
import { type Call, type Senders, sendCall } from './send.ts'

export interface ItemsTarget {
  readonly writer: ByteWriter
  readonly output: 'raw' | 'json' | 'lines'
  readonly 'max-pages': number
}

/**
 * The items of all pages, written while the next page is fetched: one JSON array, or a line for each item.
 *
 * @throws CliError for a refusal, a page that is none, or more pages than allowed.
 */
export async function writeItems(
  call: Call,
  senders: Senders,
  { writer, output, 'max-pages': maxPages }: ItemsTarget,
  { io, terminal }: Context,
): Promise<void> {
  const progress = createProgress(io, terminal)
  const seen = new Set<string>()
  const lines = output === 'lines'
  let items = 0
  for (let next: URL | undefined = call.url; next !== undefined; ) {
    if (seen.has(next.href)) throw noPage(next, '@odata.nextLink leads back to a page that was read')
    if (seen.size >= maxPages)
      throw noPage(next, `there are more than ${maxPages} pages; --max-pages N allows more`)
    seen.add(next.href)
    const { response, url } = await sayIfSlow(
      terminal,
      `waiting for ${next.host}`,
      sendCall({ ...call, url: next }, senders),
    )
    if (response.status >= 400) throw await apiError(response, url, call)
    const page = await readPage(response, url, call.url.origin)
    const texts = page.items.map((item) => JSON.stringify(item))
    const piece = lines ? texts.map((text) => `${text}\n`).join('') : joined(texts, items === 0)
    if (!(await writer.write(piece))) return
    items += texts.length
    next = page.next
    const worthALine = io.stderr.isTTY === true || seen.size % 20 === 0
    if (next !== undefined && worthALine) progress.show(`${items} items of ${seen.size} pages`)
  }
  progress.end()
  if (!lines) await writer.write(items === 0 ? '[]\n' : '\n]\n')
}

/** A piece of one array; what comes before and after it is written with the first and the last. */
function joined(texts: readonly string[], isFirst: boolean): string {
  if (texts.length === 0) return ''
  return `${isFirst ? '[\n' : ',\n'}${texts.join(',\n')}`
}
