import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls'
import { endOf, type Route } from './route.ts'

export interface ConnectOptions {
  readonly timeoutMs: number
  readonly secureContext?: SecureContext | undefined
}

/** A proxy answered, and not with a tunnel. */
export class ProxyRefusal extends Error {
  override readonly name = 'ProxyRefusal'
  readonly status: number

  constructor(status: number) {
    super(`the proxy answered ${status}`)
    this.status = status
  }
}

/** A TCP connection to the host, or to its port through the proxy. @throws ProxyRefusal, or Node's error. */
export function openConnection(route: Route, options: ConnectOptions): Promise<Socket> {
  return route.proxy === undefined ? dial(route, options) : tunnel(route.proxy, route, options)
}

/** A TCP connection to that host and port. @throws Node's error. */
export function dial(
  { host, port }: { readonly host: string; readonly port: number },
  { timeoutMs }: ConnectOptions,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port })
    const timer = setTimeout(() => socket.destroy(timedOut()), timeoutMs)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
    socket.once('close', () => clearTimeout(timer))
    socket.once('connect', () => clearTimeout(timer))
  })
}

/**
 * TLS over a connection. The caller looks at `authorized`: who diagnoses wants to see the certificate that is not
 * trusted, and everyone else must refuse it.
 */
export function startTls(
  socket: Socket,
  { host }: Pick<Route, 'host'>,
  { timeoutMs, secureContext }: ConnectOptions,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const servername = isIP(host) === 0 ? host : ''
    const secured = connectTls({
      socket,
      host,
      servername,
      ...(secureContext && { secureContext }),
      rejectUnauthorized: false,
    })
    const timer = setTimeout(() => secured.destroy(timedOut()), timeoutMs)
    const fail = (error: Error) => {
      clearTimeout(timer)
      socket.destroy()
      reject(error)
    }
    secured.once('error', fail)
    secured.once('close', () => fail(new Error('the connection was closed during the TLS handshake')))
    secured.once('secureConnect', () => {
      clearTimeout(timer)
      secured.off('error', fail)
      resolve(secured)
    })
  })
}

/** @see RFC 9110 section 9.3.6 */
function tunnel(proxy: URL, { host, port }: Route, options: ConnectOptions): Promise<Socket> {
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const end = endOf(proxy)
  const send = end.secure ? tlsRequest : plainRequest
  return new Promise((resolve, reject) => {
    const outgoing = send({
      host: end.host,
      port: end.port,
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...credentials(proxy) },
      agent: false,
      ...(end.secure && isIP(end.host) === 0 && { servername: end.host }),
      ...(options.secureContext && { secureContext: options.secureContext }),
    })
    const timer = setTimeout(() => outgoing.destroy(timedOut()), options.timeoutMs)
    outgoing.once('connect', ({ statusCode = 0 }, socket, head) => {
      clearTimeout(timer)
      if (statusCode < 200 || statusCode >= 300) {
        socket.destroy()
        return reject(new ProxyRefusal(statusCode))
      }
      if (head.length > 0) socket.unshift(head)
      resolve(socket)
    })
    outgoing.once('response', ({ statusCode = 0 }) => {
      outgoing.destroy()
      reject(new ProxyRefusal(statusCode))
    })
    outgoing.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    outgoing.end()
  })
}

function credentials({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
}

function timedOut(): Error {
  return Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })
}
