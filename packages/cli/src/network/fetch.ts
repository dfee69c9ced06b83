import { type IncomingMessage, request as send } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { ReadableStream as WebStream } from 'node:stream/web'
import type { SecureContext } from 'node:tls'
import type { Environment } from 'x5t'
import { openConnection, ProxyRefusal, startTls } from './connect.ts'
import { reasonOf } from './reason.ts'
import { type Route, routeTo } from './route.ts'

export interface FetchOptions {
  readonly secureContext: SecureContext
  readonly environment: Environment
  /** Longest wait for a connection, milliseconds. */
  readonly connectMs: number
  /** Longest silence of a connection, before the answer and within it, milliseconds. */
  readonly silenceMs: number
}

/**
 * `fetch` that knows `HTTPS_PROXY`, `NO_PROXY` and a CA of one's own; the global one of Node 20 knows none of them. It
 * follows no redirect and undoes no content encoding. One connection for each request.
 */
export function createFetch(options: FetchOptions): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    request.signal.throwIfAborted()
    const route = await routeTo(new URL(request.url), options.environment)
    // A body of known length is streamed, another one collected: not every server takes a chunked one.
    const body = request.headers.has('content-length')
      ? Readable.fromWeb(request.body as WebStream) // the same class under two names
      : Buffer.from(await request.arrayBuffer())
    const socket = await open(route, options, request.signal)
    return exchange(request, body, route, socket, options)
  }
}

async function open(route: Route, options: FetchOptions, signal: AbortSignal): Promise<Socket> {
  const { secureContext, connectMs: timeoutMs } = options
  const socket = await openConnection(route, { timeoutMs, secureContext, signal }).catch(
    refusedByProxy(route),
  )
  if (!route.secure) return socket
  const secured = await startTls(socket, route, { timeoutMs, secureContext })
  if (secured.authorized) return secured
  const reason = secured.authorizationError as unknown // Node's types say Error; it is the code of OpenSSL
  secured.destroy()
  const code = reason instanceof Error && 'code' in reason ? String(reason.code) : String(reason)
  const { TransportError } = await import('x5t')
  throw new TransportError(
    'ERR_TLS_UNTRUSTED',
    `the TLS certificate of ${route.host} is not trusted (${code})`,
    {
      retryable: false,
      hint: 'trust the CA that issued it: --ca FILE, or NODE_EXTRA_CA_CERTS=FILE in the environment',
    },
  )
}

function refusedByProxy({ proxy, host, port }: Route): (error: unknown) => Promise<never> {
  return async (error) => {
    if (proxy === undefined) throw error
    const { TransportError } = await import('x5t')
    if (!(error instanceof ProxyRefusal)) {
      const message = `no answer from proxy ${proxy.host}: ${reasonOf(error).reason}`
      throw new TransportError('ERR_NO_ANSWER', message, { hint: 'check host and port in HTTPS_PROXY' })
    }
    const { status } = error
    throw new TransportError(
      'ERR_PROXY_REFUSED',
      `proxy ${proxy.host} answered ${status} to a tunnel to ${host}:${port}`,
      {
        retryable: status >= 500,
        hint: 'x5t doctor says what can be done',
      },
    )
  }
}

function exchange(
  request: Request,
  body: Readable | Buffer,
  { url }: Route,
  socket: Socket,
  { silenceMs }: FetchOptions,
): Promise<Response> {
  const { method, signal } = request
  const headers = { 'accept-encoding': 'identity', ...Object.fromEntries(request.headers), host: url.host }
  return new Promise((resolve, reject) => {
    const outgoing = send(url.href.replace(/^https:/, 'http:'), {
      method,
      headers: { ...headers, connection: 'close' },
      createConnection: () => socket,
      signal,
    })
    outgoing.setTimeout(silenceMs, () =>
      outgoing.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
    )
    outgoing.once('error', (error) => reject(signal.aborted ? signal.reason : error))
    outgoing.once('response', (incoming) => {
      try {
        resolve(responseOf(incoming))
      } catch {
        // The platform's words name its classes, not the answer.
        outgoing.destroy(new Error('what came is no HTTP answer'))
      }
    })
    if (body instanceof Readable) body.once('error', (error) => outgoing.destroy(error)).pipe(outgoing)
    else outgoing.end(body.length === 0 ? undefined : body)
  })
}

const withoutBody = new Set([204, 205, 304])

function responseOf(incoming: IncomingMessage): Response {
  const { statusCode: status = 0, statusMessage: statusText = '', rawHeaders } = incoming
  const headers = new Headers()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '')
  }
  const isEmpty = withoutBody.has(status)
  if (isEmpty) incoming.resume()
  const body = isEmpty ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>) // the same class under two names
  return new Response(body, { status, statusText, headers })
}
