/** A token endpoint that costs as little as possible, in a process of its own. Prints its address when ready. */
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { issueServerCertificate, openAuthority } from '../../packages/emulator/src/tls/authority.ts'

const authority = await openAuthority(undefined, Date.now())
const { cert, key } = await issueServerCertificate(authority, Date.now())
const counts = { requests: 0, connections: 0 }

const server = createServer({ cert, key }, (request, response) => {
  const origin = `https://${request.headers.host}`
  const path = request.url ?? ''
  response.setHeader('content-type', 'application/json')
  if (path === '/counts') return response.end(JSON.stringify(counts))
  if (path.includes('.well-known')) {
    const tenant = path.split('/')[1]
    const base = `${origin}/${tenant}`
    return response.end(
      JSON.stringify({
        issuer: `${base}/v2.0`,
        token_endpoint: `${base}/oauth2/v2.0/token`,
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        jwks_uri: `${base}/discovery/v2.0/keys`,
      }),
    )
  }
  counts.requests++
  const slow = path.startsWith('/slow')
  const answer = JSON.stringify({
    token_type: 'Bearer',
    expires_in: 3600,
    ...(slow && { refresh_in: 1 }),
    access_token: 'a'.repeat(1_200),
  })
  request.resume().on('end', () => {
    if (slow) setTimeout(() => response.end(answer), 500)
    else response.end(answer)
  })
})
server.on('secureConnection', () => counts.connections++)
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo // a TCP server that listens has one
  process.stdout.write(`${JSON.stringify({ url: `https://localhost:${port}`, caPem: authority.pem })}\n`)
})
