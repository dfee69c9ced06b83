import { request as plainRequest } from 'node:http'
import { Agent, request as tlsRequest } from 'node:https'
import { isIP, type Socket } from 'node:net'
import { connect as connectTls, type SecureContext } from 'node:tls'
import { TransportError } from '../errors.ts'
import { kept, type Phase, phaseTimedOut } from './limits.ts'
import { toTransportError } from './transport-error.ts'

export interface TunnelOptions {
  /** What is trusted, at the proxy and at what is behind it. */
  readonly secureContext?: SecureContext
  /** Longest time for the proxy to open a tunnel, milliseconds. */
  readonly timeout: number
}

/**
 * An agent whose connections run through `proxy`, TLS end to end inside. Its idle connections are kept alive as any.
 */
export function tunnelAgent(proxy: URL, options: TunnelOptions): Agent {
  const { timeout: _, ...tls } = options
  const agent = new Agent(kept)
  agent.createConnection = (target, done) => {
    const host = target.host ?? ''
    const inside = { ...tls, host, ...(target.servername && { servername: target.servername }) }
    const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${target.port ?? 443}`
    openTunnel(proxy, authority, options).then(
      (socket) => done?.(null, connectTls({ ...inside, socket })),
      // The declaration wants a stream even for an error; Node looks at none then.
      (error) => (done as ((error: Error) => void) | undefined)?.(error),
    )
    return undefined
  }
  return agent
}

/**
 * Nothing here keeps the process alive: whoever waits for a tunnel, or for what is behind it, has a timer of their own,
 * and who has left leaves nothing that is waited for.
 *
 * @see RFC 9110 section 9.3.6
 */
function openTunnel(proxy: URL, target: string, { timeout, ...tls }: TunnelOptions): Promise<Socket> {
  const send = proxy.protocol === 'https:' ? tlsRequest : plainRequest
  const name = `proxy ${proxy.host}`
  const host = proxy.hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve, reject) => {
    const connect = send({
      ...tls,
      host,
      // Node would take the name in the Host header, which is the one behind the proxy.
      servername: isIP(host) === 0 ? host : '',
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...authorization(proxy) },
      agent: false,
    })
    let phase: Phase = 'connect'
    const late = () => connect.destroy(phaseTimedOut(phase, name, timeout))
    const timer = setTimeout(late, timeout).unref()
    connect.once('socket', (socket) => {
      socket.unref().once('connect', () => {
        phase = 'headers'
      })
    })
    connect.once('connect', ({ statusCode = 0 }, socket, head) => {
      clearTimeout(timer)
      if (statusCode >= 200 && statusCode < 300) {
        // TLS does not begin with the server: it is refused there, not passed over.
        if (head.length > 0) socket.unshift(head)
        return resolve(socket)
      }
      socket.destroy()
      reject(refusedTunnel(name, target, statusCode))
    })
    connect.once('error', (error) => {
      clearTimeout(timer)
      reject(toTransportError(error, name, false))
    })
    connect.end()
  })
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {}
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }
}

function refusedTunnel(name: string, target: string, status: number): TransportError {
  return new TransportError('ERR_PROXY_REFUSED', `${name} answered ${status} to a tunnel to ${target}`, {
    retryable: status >= 500,
    hint:
      status === 407
        ? 'name user and password in HTTPS_PROXY: http://user:password@host:port'
        : 'ask who runs the proxy, or name the host in NO_PROXY',
  })
}
