import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { TransportError } from '../../errors.ts'
import type { PhaseLimits } from '../limits.ts'
import { toTransportError } from '../transport-error.ts'
import { decoded } from './decoded.ts'

export interface Answered {
  readonly url: URL
  readonly method: string
  readonly redirected: boolean
  /** Held on to while the body is read: its signal follows the caller's only as long as it is not collected. */
  readonly request: Request
  readonly limits: PhaseLimits
}

const withoutBody = new Set([204, 205, 304])

/** A Response takes neither `url` nor `redirected`, so they are set on it. */
export function responseOf(incoming: IncomingMessage, answered: Answered): Response {
  const { url, method, redirected } = answered
  const { statusCode: status = 0, statusMessage: statusText = '', rawHeaders } = incoming
  incoming.on('error', () => {}) // told to whoever reads on
  try {
    const headers = new Headers()
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '')
    }
    const isEmpty = withoutBody.has(status) || method === 'HEAD'
    if (isEmpty) incoming.resume()
    const body = isEmpty ? null : bodyOf(incoming, answered)
    const response = new Response(body, { status, statusText, headers })
    const shown = new URL(url)
    shown.hash = ''
    return Object.defineProperties(response, {
      url: { value: shown.href },
      redirected: { value: redirected },
    })
  } catch {
    // A status of 999, or a control character in the reason; the platform's words name its classes, not the answer.
    incoming.destroy()
    throw toTransportError(new Error('what came is no HTTP answer'), url.host, false)
  }
}

/** An answer that is shorter is here whole though nobody asks for it, and its connection is free for the next. */
const maxBytesAhead = 65_536
/** Ends an answer that is collected: nobody can read what is left of it. */
const collected = new FinalizationRegistry<() => void>((end) => end())

/** Little is read before it is asked for, so that who reads slowly slows the server. */
function bodyOf(incoming: IncomingMessage, answered: Answered): ReadableStream<Uint8Array> {
  const source = decoded(incoming, incoming.headers['content-encoding'])
  const chunks = source[Symbol.asyncIterator]()
  const settle = endOnAbort(source, answered.request.signal)
  const end = () => {
    settle()
    source.destroy()
    incoming.destroy()
  }
  const body = new ReadableStream(
    {
      type: 'bytes',
      async pull(controller) {
        keepAwake(incoming, true)
        try {
          const { done, value } = await nextOf(chunks, source, answered)
          if (!done) return controller.enqueue(new Uint8Array(value))
          settle()
          controller.close()
          controller.byobRequest?.respond(0) // whoever waits with a buffer of their own is told too
        } catch (error) {
          settle()
          controller.error(
            answered.request.signal.aborted ? answered.request.signal.reason : brokeOff(error, answered),
          )
        } finally {
          keepAwake(incoming, false)
        }
      },
      cancel: end,
    },
    { highWaterMark: maxBytesAhead },
  )
  collected.register(body, end)
  return body
}

/** As long as it is read: all of it may have come, and its connection be somebody else's. */
function endOnAbort(source: Readable, signal: AbortSignal): () => void {
  const abort = () => source.destroy(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  return () => signal.removeEventListener('abort', abort)
}

/** What nobody asks for keeps no process alive. Once it is read to its end the connection is somebody else's. */
function keepAwake({ socket, readableEnded }: IncomingMessage, awake: boolean): void {
  if (readableEnded) return
  if (awake) socket.ref()
  else socket.unref()
}

async function nextOf(
  chunks: AsyncIterator<Buffer>,
  source: Readable,
  { url: { host }, limits }: Answered,
): Promise<IteratorResult<Buffer>> {
  const late = () => {
    const message = `${host} fell silent for ${limits.body / 1_000} s within its answer`
    source.destroy(new TransportError('ERR_TIMEOUT', message))
  }
  const timer = setTimeout(late, limits.body)
  return chunks.next().finally(() => clearTimeout(timer))
}

function brokeOff(error: unknown, { url: { host } }: Answered): TransportError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/^(Z_|ERR_(_ERROR_|BROTLI|PADDING))/.test(code)) {
    const message = `the answer of ${host} is not encoded as its Content-Encoding says`
    return new TransportError('ERR_RESPONSE_INVALID', message, { cause: error, retryable: false })
  }
  const told = toTransportError(error, host, false)
  if (told.code !== 'ERR_NO_ANSWER') return told
  const { cause } = told
  const reason = told.message.replace(/^.*?: /, '')
  return new TransportError('ERR_NO_ANSWER', `the answer of ${host} broke off: ${reason}`, { cause })
}
