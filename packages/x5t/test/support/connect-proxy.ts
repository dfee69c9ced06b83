import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, type Socket } from 'node:net'
import { listen } from './listen.ts'

/** What a proxy does with a tunnel that is asked for. */
export type Tunnelling = (request: IncomingMessage, socket: Socket) => void

/** A CONNECT proxy on loopback; with `tls` it is spoken to over TLS. */
export async function startProxy(tunnelling: Tunnelling, tls?: { key: string; cert: string }) {
  const asked: IncomingMessage[] = []
  const server = tls === undefined ? createServer() : createTlsServer(tls)
  // Node gives a socket of `net` here; its declaration says any stream.
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(request)
    socket.on('error', () => {})
    tunnelling(request, socket)
  })
  return { asked, port: await listen(server) }
}

/** Lets the tunnel through, to `port` of loopback whatever name it is for; `behind` follows the head of the answer. */
export function throughTo(port: number, status = '200 Connection established', behind = ''): Tunnelling {
  return (_, socket) => {
    const inner = connect(port, '127.0.0.1', () => {
      socket.write(`HTTP/1.1 ${status}\r\n\r\n${behind}`)
      socket.pipe(inner).pipe(socket)
    })
    inner.on('error', () => socket.destroy())
    socket.on('close', () => inner.destroy())
  }
}

export function refuseWith(status: number): Tunnelling {
  return (_, socket) => socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 2\r\n\r\nno`)
}
