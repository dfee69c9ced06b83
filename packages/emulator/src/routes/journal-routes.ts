import { jsonResponse } from '../http/exchange.ts'
import { compareWithLastGood } from '../journal/compare.ts'
import { describeEntry, summarize } from '../journal/describe-entry.ts'
import { eventStream } from '../journal/event-stream.ts'
import { passes, readFilter } from '../journal/filter.ts'
import type { Entry } from '../journal/journal.ts'
import { readChange, refuseForeignOrigin } from './change.ts'
import { ControlError } from './control-error.ts'
import { readReplay, replay } from './replay.ts'
import type { EmulatorContext, Route, Services } from './route.ts'

/** The journal of token requests, as JSON and as server-sent events. No answer but the last holds a token. */
export const journalRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/_emulator/requests',
    answer: (context, { journal, directory }) => {
      const filter = readFilter(context.req.query())
      const requests = journal
        .entries()
        .map((entry) => summarize(entry, directory))
        .filter((summary) => passes(filter, summary))
      return jsonResponse(context.var.exchange, { requests: requests.reverse() })
    },
  },
  {
    method: 'DELETE',
    path: '/_emulator/requests',
    answer(context, { journal }) {
      refuseForeignOrigin(context)
      journal.clear()
      return new Response(null, { status: 204 })
    },
  },
  {
    method: 'GET',
    path: '/_emulator/requests/events',
    answer(context, services) {
      const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }
      // Nobody would read the stream, and nobody would end it.
      if (context.req.method === 'HEAD') return new Response(null, { headers })
      const { after, ...query } = context.req.query()
      // A browser that comes back says by this header what it saw last.
      const last = Number.parseInt(context.req.header('last-event-id') ?? after ?? '', 10)
      const events = eventStream(services, readFilter(query), Number.isNaN(last) ? undefined : last)
      if (events === undefined)
        throw new ControlError(503, 'TooManyStreams', 'too many event streams are open; close some')
      return new Response(events, { headers })
    },
  },
  {
    method: 'GET',
    path: '/_emulator/requests/:number',
    answer: (context, services) =>
      jsonResponse(context.var.exchange, describeEntry(entryOf(context, services), services.directory)),
  },
  {
    method: 'GET',
    path: '/_emulator/requests/:number/comparison',
    answer(context, services) {
      const { journal, directory } = services
      const found = compareWithLastGood(entryOf(context, services), journal.entries(), directory)
      if (found === undefined) throw new ControlError(404, 'NotFound', 'no earlier request was granted')
      return jsonResponse(context.var.exchange, found)
    },
  },
  {
    method: 'POST',
    path: '/_emulator/requests/:number/replay',
    async answer(context, services) {
      const { clockOffsetSeconds } = readReplay(await readChange(context), 'replay:')
      const { entry } = await replay(
        entryOf(context, services),
        clockOffsetSeconds,
        context.var.exchange,
        services,
      )
      return jsonResponse(context.var.exchange, describeEntry(entry, services.directory), { status: 201 })
    },
  },
  {
    method: 'GET',
    path: '/_emulator/requests/:number/token',
    answer(context, services) {
      const { accessToken } = entryOf(context, services)
      if (accessToken === undefined) throw new ControlError(404, 'NotFound', 'no token was issued')
      return jsonResponse(context.var.exchange, { accessToken }, { headers: { 'cache-control': 'no-store' } })
    },
  },
]

/** The request that a path names. @throws ControlError */
export function entryOf({ req }: EmulatorContext, { journal }: Services): Entry {
  const number = req.param('number') ?? ''
  const entry = /^\d{1,15}$/.test(number) ? journal.find(Number(number)) : undefined
  if (entry === undefined) throw new ControlError(404, 'NotFound', `no request ${number} in the journal`)
  return entry
}
