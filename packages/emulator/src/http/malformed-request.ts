import type { Duplex } from 'node:stream'
import { filled, refusal } from '../refusal/refusal.ts'
import { type Exchange, refusalResponse } from './exchange.ts'

const statuses = new Map([
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout'],
])

/** The answer to what is not even HTTP, or has headers beyond Node's limit (16 KiB): an error body like all others. */
export async function answerMalformedRequest(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  exchange: Exchange,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const response = refusalResponse(exchange, filled(refusal(9002313)), headers)
  const body = await response.text()
  const fields = [
    ...response.headers,
    ['content-length', String(Buffer.byteLength(body))],
    ['connection', 'close'],
  ]
  const status = statuses.get(error.code ?? '') ?? '400 Bad Request'
  const head = [`HTTP/1.1 ${status}`, ...fields.map(([name, value]) => `${name}: ${value}`)].join('\r\n')
  socket.end(`${head}\r\n\r\n${body}`)
}
