import { getRequestListener } from '@hono/node-server'

/**
 * The Response of the HTTP adapter: it keeps body and headers as they were given, where Node's own makes streams and
 * lists of them that the adapter takes apart again, which costs a tenth of a token.
 *
 * The adapter has it only as a replacement of the global one. That one is put back before anybody sees it: whoever
 * embeds the emulator keeps the Request and Response that Node gave it.
 */
export const LightResponse: typeof Response = withGlobalsKept(() => {
  getRequestListener(() => new Response(null))
  return globalThis.Response
})

function withGlobalsKept<T>(work: () => T): T {
  const kept = (['Request', 'Response'] as const).map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name) ?? {}] as const,
  )
  try {
    return work()
  } finally {
    for (const [name, descriptor] of kept) Object.defineProperty(globalThis, name, descriptor)
  }
}
