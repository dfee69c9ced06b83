import assert from 'node:assert/strict'
import { createPublicKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import Provider from 'oidc-provider'
import {
  createClient,
  generateCertificate,
  type LoadedCredential,
  loadCredential,
  TokenEndpointError,
} from 'x5t'

/** An authorization server we did not write, set up to take nothing but private_key_jwt. */
const clientId = 'billing'
let server: Server
let tokenEndpoint: string
let credential: LoadedCredential
let other: LoadedCredential

async function newCredential(): Promise<LoadedCredential> {
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: clientId })
  return loadCredential({ pem: privateKeyPem + certificatePem })
}

before(async () => {
  ;[credential, other] = await Promise.all([newCredential(), newCredential()])
  const jwk = createPublicKey(
    new X509Certificate(credential.certificate.pem).publicKey.export({ type: 'spki', format: 'pem' }),
  ).export({ format: 'jwk' })
  server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server that listens has one
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ ...jwk, use: 'sig', kid: 'one' }] },
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    clientAuthMethods: ['private_key_jwt'],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    scopes: ['api:read'],
  })
  server.on('request', provider.callback())
  tokenEndpoint = `http://127.0.0.1:${port}/token`
})
after(() => {
  server.close()
  server.closeAllConnections()
})

for (const algorithm of ['PS256', 'RS256'] as const) {
  test(`oidc-provider takes our ${algorithm} assertion, each only once`, async () => {
    const client = createClient({ tokenEndpoint, allowHttpAuthority: true, clientId, credential, algorithm })
    const first = await client.getTokenResponse({ scope: 'api:read' })
    const second = await client.getTokenResponse({ scope: 'api:read' })
    assert.equal(first.token_type, 'Bearer')
    assert.notEqual(first.access_token, second.access_token)
  })
}

test('oidc-provider refuses an assertion by another key, and the error says so', async () => {
  const client = createClient({ tokenEndpoint, allowHttpAuthority: true, clientId, credential: other })
  await assert.rejects(client.getToken({ scope: 'api:read' }), (error) => {
    assert.ok(error instanceof TokenEndpointError)
    assert.equal(error.code, 'ERR_ENTRA_REFUSED')
    assert.equal(error.error, 'invalid_client')
    assert.equal(error.status, 401)
    return true
  })
})
