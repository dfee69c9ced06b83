import type { Exchange } from './exchange.ts'
import { fetchExchange } from './fetch-exchange.ts'
import { nodeExchange } from './node-exchange.ts'

export interface ExchangeOptions {
  /** CA certificates to trust besides the usual ones, PEM. */
  readonly ca?: string | readonly string[] | undefined
  /** Sends instead of `node:https`; for other runtimes, instrumentation and tests. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** The one place that decides how bytes leave this process. */
export function createExchange({ ca, fetch }: ExchangeOptions): Exchange {
  return fetch === undefined ? nodeExchange({ ca }) : fetchExchange(fetch)
}
