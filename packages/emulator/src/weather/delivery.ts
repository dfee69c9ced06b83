import type { Wire } from '../http/wire.ts'
import type { ArmedFault } from './weather.ts'

/** Faults that happen to the service's answer on its way. */
export const onTheWay = ['truncation', 'content-type', 'slowness'] as const

export async function deliver(
  fault: ArmedFault<(typeof onTheWay)[number]>,
  response: Response,
  sleep: (ms: number) => Promise<void>,
): Promise<Response> {
  const { status } = response
  const headers = new Headers(response.headers)
  if (fault.kind === 'content-type') {
    headers.set('content-type', fault.contentType)
    // As a page it would run what a request wrote into an error, in the portal's own origin.
    headers.set('content-security-policy', 'sandbox')
    return new Response(response.body, { status, headers })
  }
  const body = await bytesOf(response)
  if (fault.kind === 'truncation') return new Response(firstHalf(body), { status, headers })
  headers.set('content-length', String(body.length))
  return new Response(trickle(body, fault.bytesPerSecond, sleep), { status, headers })
}

/** Sends the first half of the body under the length of the whole, then resets the connection. */
export async function breakAmid(wire: Wire, response: Response): Promise<void> {
  const body = await bytesOf(response)
  const headers = new Headers(response.headers)
  headers.set('content-length', String(body.length))
  wire.sendAndReset(new Response(null, { status: response.status, headers }), firstHalf(body))
}

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())

const firstHalf = (body: Uint8Array<ArrayBuffer>) => body.subarray(0, Math.floor(body.length / 2))

/** Ten times a second, a tenth of the rate; at least a byte at a time. */
function trickle(
  body: Uint8Array<ArrayBuffer>,
  bytesPerSecond: number,
  sleep: (ms: number) => Promise<void>,
): ReadableStream<Uint8Array> {
  const size = Math.max(1, Math.round(bytesPerSecond / 10))
  let sent = 0
  return new ReadableStream({
    async pull(controller) {
      if (sent >= body.length) return controller.close()
      await sleep((size / bytesPerSecond) * 1000)
      controller.enqueue(body.subarray(sent, sent + size))
      sent += size
    },
  })
}
