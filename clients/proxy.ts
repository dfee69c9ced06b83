import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

export interface Proxy {
  readonly url: string
  /** Hosts that were asked for and are not played here, as `host:port`. */
  readonly refused: readonly string[]
  stop(): void
}

/**
 * An HTTP proxy that leads public host names to ports of this machine, so that clients which insist on these names run
 * unchanged and nothing leaves the machine. It sees what TLS leaves to see: names.
 *
 * @param ports - By host name.
 */
export async function startProxy(ports: Readonly<Record<string, number>>): Promise<Proxy> {
  const refused: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((_, response) => response.writeHead(501).end())
  server.on('connection', (socket) => sockets.add(socket.on('error', () => socket.destroy())))
  server.on('connect', ({ url = '' }, client) => {
    const [host = '', asked] = url.split(':')
    const port = ports[host] ?? (host === 'localhost' ? Number(asked) : undefined)
    if (port === undefined) {
      refused.push(url)
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      return
    }
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
    client.on('close', () => upstream.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server that listens has one
  return {
    url: `http://127.0.0.1:${port}`,
    refused,
    stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
