import { number, optional, record } from '../directory/definition.ts'
import type { Exchange } from '../http/exchange.ts'
import type { Entry } from '../journal/journal.ts'
import { type Heard, hearTokenRequest } from './hear-token-request.ts'
import type { Services } from './route.ts'

/** Seconds: a century. */
const furthest = 3_153_600_000

export const readReplay = record({
  clockOffsetSeconds: optional(number({ minimum: -furthest, maximum: furthest }), 0),
})

/**
 * Judges a request again, as it came, by the directory of now. Armed faults leave it alone.
 *
 * @param exchange - Of the command; the answer that the client would get is for the origin it had asked.
 */
export function replay(
  { number: of, request, exchange: first }: Entry,
  clockOffsetSeconds: number,
  exchange: Exchange,
  services: Services,
): Promise<Heard> {
  const receivedAt = exchange.receivedAt + clockOffsetSeconds * 1000
  const again = { ...exchange, origin: first.origin, receivedAt }
  return hearTokenRequest(request, again, services, { replay: { of, clockOffsetSeconds } })
}
