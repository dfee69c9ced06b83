/**
 * A token endpoint that costs as little as possible, in a process of its own. Prints its addresses when it is ready.
 * The tenant `slow.example` takes 500 ms after its first token, which is due for renewal at once.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

const [, , folder = '.'] = process.argv
const [key, cert] = [join(folder, 'server.key'), join(folder, 'server.pem')]
const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost']
execFileSync(
  'openssl',
  [...request, '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert],
  {
    stdio: 'ignore',
  },
)

const counts = { requests: 0, connections: 0 }
const send = (response: ServerResponse, body: object) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))

const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (incoming, response) => {
  const [, tenant = ''] = (incoming.url ?? '').split('/')
  if (incoming.url?.includes('.well-known')) {
    const base = `https://${incoming.headers.host}/${tenant}`
    return send(response, {
      issuer: `${base}/v2.0`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
    })
  }
  counts.requests++
  const slow = tenant === 'slow.example'
  const token = { token_type: 'Bearer', expires_in: 3_600, access_token: 'a'.repeat(1_200) }
  const answer = slow ? { ...token, refresh_in: 1 } : token
  incoming.resume().on('end', () => {
    if (slow && counts.requests > 1) setTimeout(send, 500, response, answer)
    else send(response, answer)
  })
})
// Contestants take turns; a connection must outlive the turns of the others.
server.keepAliveTimeout = 600_000
server.on('secureConnection', () => counts.connections++)
server.listen(0, '127.0.0.1', 5_000)

/** Counts since the last look, in the clear, so that looking is not counted. */
const control = createServer((_, response) => {
  send(response, counts)
  Object.assign(counts, { requests: 0, connections: 0 })
}).listen(0, '127.0.0.1', () => {
  // TCP servers that listen have a port.
  const [{ port }, { port: controlPort }] = [
    server.address() as AddressInfo,
    control.address() as AddressInfo,
  ]
  const addresses = { url: `https://localhost:${port}`, countsUrl: `http://127.0.0.1:${controlPort}` }
  process.stdout.write(`${JSON.stringify(addresses)}\n`)
})
