import { channel } from 'node:diagnostics_channel'

/** What this package reports on `node:diagnostics_channel`; docs/events.md describes each message. No secret is in any. */
export const events = {
  request: channel('x5t:request'),
  exchange: channel('x5t:exchange'),
  response: channel('x5t:response'),
  retry: channel('x5t:retry'),
  refresh: channel('x5t:refresh'),
  adoption: channel('x5t:adoption'),
  challenge: channel('x5t:challenge'),
  keys: channel('x5t:keys'),
  refusal: channel('x5t:refusal'),
  store: channel('x5t:store'),
} as const
