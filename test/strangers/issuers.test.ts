import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, test } from 'node:test'
import { OAuth2Server } from 'oauth2-mock-server'
import { createVerifier, type IssuerOptions } from 'x5t/verify'
import { startOidcProvider } from './start-oidc-provider.ts'

/** Issuers that we did not write, by their metadata and keys as they publish them. */
const audience = 'https://api.example/cars'
const basic = `Basic ${Buffer.from('robot:geheim').toString('base64')}`
let oidc: Awaited<ReturnType<typeof startOidcProvider>>
const mock = new OAuth2Server()

before(async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...privateKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'signature', use: 'sig' } as const
  const resource = {
    scope: 'cars:read',
    audience,
    accessTokenFormat: 'jwt' as const,
    jwt: { sign: { alg: 'RS256' as const } },
  }
  oidc = await startOidcProvider(
    { client_id: 'robot', client_secret: 'geheim' },
    {
      jwks: { keys: [jwk] },
      scopes: ['cars:read'],
      features: { resourceIndicators: { enabled: true, getResourceServerInfo: () => resource } },
    },
  )
  await mock.issuer.keys.generate('RS256')
  await mock.start(0, '127.0.0.1')
})
after(async () => {
  oidc.stop()
  await mock.stop()
})

async function tokenFrom(endpoint: string, form: Record<string, string>): Promise<string> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...form }),
  })
  const answer: unknown = await response.json()
  assert.equal(response.status, 200, JSON.stringify(answer))
  return String(Object(answer).access_token)
}

function verifierOf(options: Pick<IssuerOptions, 'issuer'> & Partial<IssuerOptions>) {
  return createVerifier({ audience, clients: 'any', allowHttpAuthority: true, ...options })
}

test('oidc-provider: an access token for a resource, by metadata, client and role-less', async () => {
  const token = await tokenFrom(`${oidc.issuer}/token`, { resource: audience, scope: 'cars:read' })
  const { issuer } = oidc
  const { header, claims } = await verifierOf({ issuer, clients: ['robot'] }).verify(token)
  assert.deepEqual([header.typ, header.kid], ['at+jwt', 'signature'])
  assert.deepEqual([claims.client_id, claims.scope, claims.aud], ['robot', 'cars:read', audience])
  const refused = { name: 'TokenValidationError' }
  await assert.rejects(verifierOf({ issuer, clients: ['other'] }).verify(token), {
    ...refused,
    code: 'ERR_TOKEN_CLIENT',
  })
  await assert.rejects(verifierOf({ issuer, audience: 'other' }).verify(token), {
    ...refused,
    code: 'ERR_TOKEN_AUDIENCE',
  })
  await assert.rejects(verifierOf({ issuer, roles: ['cars:read'] }).verify(token), {
    ...refused,
    code: 'ERR_TOKEN_ROLE',
  })
})

test('oidc-provider: required claims ask for a scope', async () => {
  const token = await tokenFrom(`${oidc.issuer}/token`, { resource: audience, scope: 'cars:read' })
  const requiredClaims = (value: string) => ({ scope: { value } })
  await verifierOf({ issuer: oidc.issuer, requiredClaims: requiredClaims('cars:read') }).verify(token)
  const lacking = verifierOf({ issuer: oidc.issuer, requiredClaims: requiredClaims('cars:write') })
  await assert.rejects(lacking.verify(token), { code: 'ERR_TOKEN_CLAIMS' })
})

test('oauth2-mock-server: its tokens are good for the audience that they name', async () => {
  const { url } = mock.issuer
  const issuer = String(url)
  mock.service.once('beforeTokenSigning', (token: { payload: Record<string, unknown> }) => {
    Object.assign(token.payload, { aud: audience, azp: 'robot' })
  })
  const token = await tokenFrom(`${issuer}/token`, {})
  const { claims } = await verifierOf({ issuer, clients: ['robot'] }).verify(token)
  assert.equal(claims.iss, issuer)
  const nobody = await tokenFrom(`${issuer}/token`, {})
  await assert.rejects(verifierOf({ issuer }).verify(nobody), { code: 'ERR_TOKEN_MALFORMED' })
})

test('a token of one issuer is none of another, by its name and by its key', async () => {
  const token = await tokenFrom(`${oidc.issuer}/token`, { resource: audience, scope: 'cars:read' })
  const other = String(mock.issuer.url)
  await assert.rejects(verifierOf({ issuer: other }).verify(token), { code: 'ERR_TOKEN_ISSUER' })
  const keysOfOther = verifierOf({ issuer: oidc.issuer, jwksUri: `${other}/jwks` })
  await assert.rejects(keysOfOther.verify(token), { code: 'ERR_TOKEN_KEY_UNKNOWN' })
})
