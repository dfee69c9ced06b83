import { lazily } from '../internal/lazily.ts'
import type { Exchange } from './exchange.ts'
import { nodeExchange } from './node-exchange.ts'

export interface ExchangeOptions {
  /** CA certificates to trust besides the usual ones, PEM. */
  readonly ca?: string | readonly string[] | undefined
  /** Sends instead of `node:https`; for other runtimes, instrumentation and tests. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** The one place that decides how bytes leave this process. */
export function createExchange({ ca, fetch }: ExchangeOptions): Exchange {
  if (fetch === undefined) return nodeExchange({ ca })
  const load = lazily(async () => (await import('./fetch-exchange.ts')).fetchExchange(fetch))
  return async (request) => (await load())(request)
}
