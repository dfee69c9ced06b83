import assert from 'node:assert/strict'
import { createPublicKey, X509Certificate } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type Configuration, errors } from 'oidc-provider'
import { TokenEndpointError } from 'x5t'
import { clientId, connect as connectTo, type More, newCredential, testTaken } from './private-key-jwt.ts'
import { startOidcProvider } from './start-oidc-provider.ts'

/** An authorization server we did not write, set up to take nothing but private_key_jwt, more or less strictly. */
const scope = 'api:read'

interface Profile {
  readonly name: string
  readonly configuration: Configuration
  /** What a client of such a server says beside the usual; `issuer` is the server's. */
  readonly options: (issuer: string) => More
  readonly algorithms: readonly ('PS256' | 'RS256')[]
  /** Options that it refuses, by what is wrong with them. */
  readonly refused: Readonly<Record<string, (issuer: string) => More>>
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

const [credential, other] = await Promise.all([newCredential(), newCredential()])

for (const { name, configuration, options, algorithms, refused } of profiles) {
  describe(`oidc-provider, ${name}`, () => {
    let issuer: string
    let stop: () => void
    before(async () => {
      const { pem, thumbprintSha256 } = credential.certificate
      const { publicKey } = new X509Certificate(pem)
      const jwk = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' })
      const client = {
        client_id: clientId,
        token_endpoint_auth_method: 'private_key_jwt' as const,
        jwks: { keys: [{ ...jwk, use: 'sig', kid: 'one' }] },
        ...(configuration.extraClientMetadata && { thumbprint: thumbprintSha256 }),
      }
      const methods = { clientAuthMethods: ['private_key_jwt' as const], scopes: [scope] }
      ;({ issuer, stop } = await startOidcProvider(client, { ...methods, ...configuration }))
    })
    after(() => stop())

    const connect = (more: More) => connectTo(`${issuer}/token`, credential, more)
    testTaken({
      scope,
      algorithms,
      connect: (more) => connect({ ...options(issuer), ...more }),
      expected: { token_type: 'Bearer' },
    })

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
