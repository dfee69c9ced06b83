import { type Agent, type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { pipeline, Readable } from 'node:stream'
import { dropIdle, isStale } from '../agents.ts'
import { type PhaseLimits, phaseTimedOut } from '../limits.ts'
import { toTransportError } from '../transport-error.ts'
import type { Hop } from './redirect.ts'

/** Sends, up to the headers of the answer. Whoever gets it reads it; the signal ends it as well. */
export function sendHop(
  { url, method, headers, body }: Hop,
  agent: Agent,
  limits: PhaseLimits,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const outgoing = (url.protocol === 'https:' ? tlsRequest : plainRequest)(url, {
      method,
      headers: sentHeaders(headers, body),
      agent,
    })
    let timer = setTimeout(() => fail(phaseTimedOut('connect', url.host, limits.connect)), limits.connect)
    let answer: IncomingMessage | undefined
    const connected = () => {
      clearTimeout(timer)
      timer = setTimeout(() => fail(phaseTimedOut('headers', url.host, limits.headers)), limits.headers)
    }
    const abort = () => fail(signal.reason)
    const fail = (reason: Error) => {
      clearTimeout(timer)
      reject(reason)
      // Of what was received of an answer, the end of its request would leave nothing, and no error either.
      if (answer === undefined) outgoing.destroy()
      else answer.destroy(reason)
    }

    signal.addEventListener('abort', abort, { once: true })
    outgoing.once('close', () => signal.removeEventListener('abort', abort))
    outgoing.once('socket', (socket) => {
      if (outgoing.reusedSocket) return connected()
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected)
    })
    outgoing.on('error', (error) => {
      if (answer !== undefined) return // the answer tells of itself what it lacks, and may lack nothing
      const stale = isStale(outgoing, error)
      if (stale) dropIdle(agent)
      fail(toTransportError(error, url.host, stale))
    })
    outgoing.once('upgrade', (_, socket) => {
      socket.destroy()
      fail(toTransportError(new Error('it changed the protocol'), url.host, false))
    })
    outgoing.once('response', (incoming) => {
      answer = incoming
      clearTimeout(timer)
      resolve(incoming)
    })

    if (body === undefined || Buffer.isBuffer(body.whole)) return outgoing.end(body?.whole)
    const source = Readable.from(body.stream ?? body.whole.stream(), { objectMode: false })
    // What the caller's stream fails with is the caller's to see; what the connection fails with was told above.
    source.once('error', fail)
    source.on('data', () => timer.refresh()) // which wakes none that was cleared
    pipeline(source, outgoing, () => {})
  })
}

/** What the global `fetch` sends of itself, less the marks of a browser; framing is decided here alone. */
function sentHeaders(given: Headers, body: Hop['body']): Record<string, string> {
  const named = Object.fromEntries(given)
  for (const name of ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect', 'content-length'])
    delete named[name]
  const encoding = given.has('range') ? 'identity' : 'gzip, deflate, br'
  const headers = { accept: '*/*', 'accept-encoding': encoding, 'user-agent': 'node', ...named }
  if (body === undefined) return headers
  if (body.bytes === undefined) return { ...headers, 'transfer-encoding': 'chunked' }
  return { ...headers, 'content-length': String(body.bytes) }
}
