import type { Directory } from '../directory/directory.ts'
import { type EntrySummary, summarize } from './describe-entry.ts'
import { type Filter, passes } from './filter.ts'
import type { Entry, Journal } from './journal.ts'

/** Bytes that a reader may lag behind before it is cut off; it comes back by itself and says what it saw last. */
const mostUnread = 1_048_576

/**
 * Requests as they come, as server-sent events: `id` is a request's number, `data` its summary.
 *
 * @param after - The number of the last request that the reader knows; later ones come first.
 * @returns Undefined where as many as may be follow the journal already.
 */
export function eventStream(
  { journal, directory }: { readonly journal: Journal; readonly directory: Directory },
  filter: Filter,
  after: number | undefined,
): ReadableStream<Uint8Array> | undefined {
  let sink: ReadableStreamDefaultController<Uint8Array> | undefined
  const send = (entry: Entry) => {
    const summary = summarize(entry, directory)
    if (sink === undefined || !passes(filter, summary)) return
    sink.enqueue(encode(eventOf(summary)))
    if ((sink.desiredSize ?? 0) > 0) return
    sink.close()
    end()
  }
  const unfollow = journal.follow(send)
  if (unfollow === undefined) return undefined
  const end = () => {
    sink = undefined
    unfollow()
  }
  return new ReadableStream(
    {
      start(controller) {
        sink = controller
        // At once, so that the reader knows it is connected; and how soon to come back, milliseconds.
        controller.enqueue(encode('retry: 1000\n\n'))
        if (after === undefined) return
        for (const entry of journal.entries()) if (entry.number > after) send(entry)
      },
      cancel: end,
    },
    { highWaterMark: mostUnread, size: (chunk) => chunk?.byteLength ?? 0 },
  )
}

const eventOf = (summary: EntrySummary): string =>
  `id: ${summary.number}\nevent: request\ndata: ${JSON.stringify(summary)}\n\n`

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
