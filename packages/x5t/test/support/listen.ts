import type { Server as HttpServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { after } from 'node:test'

/** Listens on a free port of loopback until the tests end. */
export async function listen(server: Server | HttpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close()
  })
  // A server that listens on a port has an address of this shape.
  return (server.address() as AddressInfo).port
}
