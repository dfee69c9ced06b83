import { moveClock } from '../clock/clock.ts'
import { jsonResponse } from '../http/exchange.ts'
import { readChange, refuseForeignOrigin } from './change.ts'
import type { EmulatorContext, Route, Services } from './route.ts'

/** Faults and the clock, as JSON. */
export const weatherRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/_emulator/weather',
    answer: ({ var: { exchange } }, { sky }) =>
      jsonResponse(exchange, { armed: sky.armed(), spent: sky.spent() }),
  },
  {
    method: 'POST',
    path: '/_emulator/weather',
    async answer(context, { sky }) {
      const fault = await readChange(context)
      return jsonResponse(context.var.exchange, sky.arm(fault), { status: 201 })
    },
  },
  {
    method: 'DELETE',
    path: '/_emulator/weather',
    answer: (context, { sky }) => cleared(context, () => sky.clear()),
  },
  {
    method: 'DELETE',
    path: '/_emulator/weather/:id',
    answer: (context, { sky }) => cleared(context, () => sky.clear(context.req.param('id'))),
  },
  {
    method: 'GET',
    path: '/_emulator/clock',
    answer: showClock,
  },
  {
    method: 'POST',
    path: '/_emulator/clock',
    async answer(context, services) {
      moveClock(services.clock, await readChange(context))
      return showClock(context, services)
    },
  },
]

function cleared(context: EmulatorContext, clear: () => void): Response {
  refuseForeignOrigin(context)
  clear()
  return new Response(null, { status: 204 })
}

function showClock({ var: { exchange } }: EmulatorContext, { clock }: Services): Response {
  return jsonResponse({ ...exchange, receivedAt: clock.now() }, clock.describe())
}
