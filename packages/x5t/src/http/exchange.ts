import type { StopSignal } from '../internal/stop.ts'

/**
 * One HTTP exchange, bounded in size and in time. It follows no redirect and asks for no compression, so that a service
 * or a proxy in between cannot make it hang, swell or go elsewhere. Over `node:https` none is decoded; an injected
 * `fetch` decodes what comes all the same, and the bounds hold for what it gives.
 *
 * @throws TransportError when no whole answer came; the signal's reason when the signal aborted.
 */
export type Exchange = (request: HttpRequest) => Promise<HttpResponse>

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** Longest body of the answer that is read. Default: 1 MiB. */
  readonly maxBytes?: number | undefined
  /** Cancels at any moment. */
  readonly signal?: StopSignal | undefined
}

export interface HttpResponse {
  readonly status: number
  /** Names in lower case; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** At most `maxBytes`; as sent, but for what an injected `fetch` has decoded. */
  readonly body: Buffer
}
