import assert from 'node:assert/strict'
import { createPublicKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import Provider, { type Configuration, errors } from 'oidc-provider'
import {
  type ClientOptions,
  createClient,
  generateCertificate,
  type LoadedCredential,
  loadCredential,
  TokenEndpointError,
} from 'x5t'

/** An authorization server we did not write, set up to take nothing but private_key_jwt, more or less strictly. */
const clientId = 'billing'
const scope = 'api:read'

interface Profile {
  readonly name: string
  readonly configuration: Configuration
  /** What a client of such a server says beside the usual; `issuer` is the server's. */
  readonly options: (issuer: string) => Partial<ClientOptions> & { audience?: string }
  readonly algorithms: readonly ('PS256' | 'RS256')[]
  /** Options that it refuses, by what is wrong with them. */
  readonly refused: Readonly<
    Record<string, (issuer: string) => Partial<ClientOptions> & { audience?: string }>
  >
}

const profiles: readonly Profile[] = [
  {
    name: 'as RFC 7523 has it',
    configuration: {},
    options: () => ({}),
    algorithms: ['PS256', 'RS256'],
    refused: { 'another audience': () => ({ audience: 'https://other.example/token' }) },
  },
  {
    name: 'FAPI 2.0, the issuer as the one audience, no RS256',
    configuration: {
      features: { fapi: { enabled: true, profile: '2.0' } },
      enabledJWA: { clientAuthSigningAlgValues: ['PS256'] },
    },
    options: (issuer) => ({ audience: issuer }),
    algorithms: ['PS256'],
    refused: {
      'the token endpoint as audience': () => ({}),
      RS256: (issuer) => ({ audience: issuer, algorithm: 'RS256' }),
    },
  },
  {
    name: 'no tolerance, short lives, and a thumbprint of the registered certificate',
    configuration: {
      clockTolerance: 0,
      async assertJwtClientAuthClaimsAndHeader(_context, claims, header, client) {
        const now = Date.now() / 1_000
        const { nbf = now, iat = now, exp = 0, jti, aud } = claims as Record<string, number | string> // a JWT's claims
        const flaws = [
          Number(nbf) > now && 'nbf',
          Number(iat) > now && 'iat',
          Number(exp) - Number(iat) > 600 && 'exp',
          !(typeof jti === 'string' && jti.length >= 22) && 'jti',
          typeof aud !== 'string' && 'aud',
          header.typ !== 'JWT' && 'typ',
          header['x5t#S256'] !== client.thumbprint && 'x5t#S256',
        ].filter(Boolean)
        if (flaws.length > 0) throw new errors.InvalidClientAuth(flaws.join())
      },
      extraClientMetadata: { properties: ['thumbprint'] },
    },
    options: () => ({}),
    algorithms: ['PS256'],
    refused: { 'a header without x5t#S256': () => ({ algorithm: 'RS256' }) },
  },
]

async function newCredential(): Promise<LoadedCredential> {
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: clientId })
  return loadCredential({ pem: privateKeyPem + certificatePem })
}

const [credential, other] = await Promise.all([newCredential(), newCredential()])

for (const { name, configuration, options, algorithms, refused } of profiles) {
  describe(`oidc-provider, ${name}`, () => {
    const server = createServer()
    let issuer: string

    before(async () => {
      await once(server.listen(0, '127.0.0.1'), 'listening')
      const { port } = server.address() as AddressInfo // a TCP server that listens has one
      issuer = `http://127.0.0.1:${port}`
      const { publicKey } = new X509Certificate(credential.certificate.pem)
      const jwk = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' })
      const provider = new Provider(issuer, {
        clients: [
          {
            client_id: clientId,
            token_endpoint_auth_method: 'private_key_jwt',
            jwks: { keys: [{ ...jwk, use: 'sig', kid: 'one' }] },
            grant_types: ['client_credentials'],
            redirect_uris: [],
            response_types: [],
            ...(configuration.extraClientMetadata && { thumbprint: credential.certificate.thumbprintSha256 }),
          },
        ],
        clientAuthMethods: ['private_key_jwt'],
        scopes: [scope],
        ...configuration,
        features: {
          clientCredentials: { enabled: true },
          devInteractions: { enabled: false },
          ...configuration.features,
        },
      })
      server.on('request', provider.callback())
    })
    after(() => {
      server.close()
      server.closeAllConnections()
    })

    const connect = (more: Partial<ClientOptions> & { audience?: string }) =>
      createClient({
        tokenEndpoint: `${issuer}/token`,
        allowHttpAuthority: true,
        clientId,
        credential,
        ...more,
      })

    for (const algorithm of algorithms) {
      test(`our ${algorithm} assertion is taken, a new one each time`, async () => {
        const client = connect({ ...options(issuer), algorithm })
        const first = await client.getTokenResponse({ scope })
        const second = await client.getTokenResponse({ scope })
        assert.equal(first.token_type, 'Bearer')
        assert.notEqual(first.access_token, second.access_token)
      })
    }

    const refusals = { ...refused, 'another key': (own: string) => ({ ...options(own), credential: other }) }
    for (const [what, wrong] of Object.entries(refusals)) {
      test(`${what} is refused, and the error says so`, async () => {
        await assert.rejects(connect(wrong(issuer)).getToken({ scope }), (error) => {
          assert.ok(error instanceof TokenEndpointError)
          assert.deepEqual(
            [error.code, error.error, error.status],
            ['ERR_ENTRA_REFUSED', 'invalid_client', 401],
          )
          return true
        })
      })
    }
  })
}
