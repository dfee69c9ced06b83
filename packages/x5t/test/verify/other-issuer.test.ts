import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { test } from 'node:test'
import { createVerifier, type IssuerOptions } from '../../src/verify/index.ts'
import { newKey, noon, sign } from './issuer.ts'

const issuer = 'https://issuer.example/realms/cars'
const key = newKey('key-1', { alg: 'RS256' })
const claims = { iss: issuer, aud: 'cars', exp: noon / 1_000 + 60, client_id: 'robot', roles: ['read'] }

function start(
  options: Partial<IssuerOptions> = {},
  metadata: Record<string, unknown> = {},
  keys: readonly unknown[] = [key.jwk],
) {
  const fetched: string[] = []
  const verifier = createVerifier({
    issuer,
    audience: 'cars',
    clients: 'any',
    now: () => noon,
    fetch: async (input) => {
      fetched.push(String(input))
      const found = { issuer, jwks_uri: 'https://keys.example/all', ...metadata }
      return Response.json(/openid|oauth/.test(String(input)) ? found : { keys })
    },
    ...options,
  })
  return { verifier, fetched }
}

test('an issuer is asked for its metadata where OpenID Connect Discovery puts it', async () => {
  const { verifier, fetched } = start()
  const { claims: verified, checks } = await verifier.verify(sign(key, claims))
  assert.equal(verified.client_id, 'robot')
  assert.deepEqual(fetched, [`${issuer}/.well-known/openid-configuration`, 'https://keys.example/all'])
  assert.deepEqual(checks, ['form', 'algorithm', 'issuer', 'key', 'signature', 'time', 'audience'])
})

test('keys or metadata elsewhere are fetched from there', async () => {
  const jwksUri = 'https://issuer.example/jwks'
  const named = start({ jwksUri })
  await named.verifier.verify(sign(key, claims))
  assert.deepEqual(named.fetched, [jwksUri])
  const metadataUrl = 'https://issuer.example/.well-known/oauth-authorization-server/realms/cars'
  const elsewhere = start({ metadataUrl })
  await elsewhere.verifier.verify(sign(key, claims))
  assert.equal(elsewhere.fetched[0], metadataUrl)
})

const refused = {
  'of another issuer': [{ iss: `${issuer}/` }, {}, 'ERR_TOKEN_ISSUER'],
  'for another audience': [{ aud: ['bikes'] }, {}, 'ERR_TOKEN_AUDIENCE'],
  'without end': [{ exp: undefined }, {}, 'ERR_TOKEN_MALFORMED'],
  'of another client': [{}, { clients: ['human'] }, 'ERR_TOKEN_CLIENT'],
  'of a client that azp alone would allow': [{ azp: 'human' }, { clients: ['human'] }, 'ERR_TOKEN_CLIENT'],
  'without the role': [{}, { roles: ['write'] }, 'ERR_TOKEN_ROLE'],
} as const

for (const [what, [changes, options, code]] of Object.entries(refused)) {
  test(`a token ${what} is refused with ${code}`, async () => {
    await assert.rejects(start(options).verifier.verify(sign(key, { ...claims, ...changes })), { code })
  })
}

test('a client is found in client_id, or else in azp; a role in roles', async () => {
  await start({ clients: ['robot'], roles: ['read'] }).verifier.verify(sign(key, claims))
  const byAzp = { ...claims, client_id: undefined, azp: 'robot' }
  await start({ clients: ['robot'] }).verifier.verify(sign(key, byAzp))
})

for (const roles of ['read', { 0: 'read', length: 1 }, [{ value: 'read' }], [['read']], null]) {
  test(`roles written as ${JSON.stringify(roles)} grant nothing, and harm nothing where none is asked for`, async () => {
    const token = sign(key, { ...claims, roles })
    await start().verifier.verify(token)
    await assert.rejects(start({ roles: ['read'] }).verifier.verify(token), { code: 'ERR_TOKEN_ROLE' })
  })
}

/** Tokens for apps as the documentation of each issuer shows them; what is private in them is made up. */
const shapes: Record<
  string,
  [iss: string, header: Record<string, unknown>, members: Record<string, unknown>]
> = {
  Keycloak: [
    'https://sso.example/realms/cars',
    { typ: 'JWT' },
    {
      aud: ['cars', 'account'],
      azp: 'robot',
      typ: 'Bearer',
      acr: '1',
      realm_access: { roles: ['offline_access'] },
      resource_access: { cars: { roles: ['read'] } },
      scope: 'profile email',
      client_id: 'robot',
    },
  ],
  Auth0: [
    'https://tenant.eu.auth0.example/',
    { typ: 'JWT' },
    { aud: 'cars', azp: 'robot', sub: 'robot@clients', gty: 'client-credentials', scope: 'read:cars' },
  ],
  Okta: [
    'https://tenant.okta.example/oauth2/default',
    { typ: undefined },
    { ver: 1, aud: 'cars', cid: 'robot', azp: 'robot', scp: ['cars.read'], sub: 'robot' },
  ],
  Google: [
    'https://accounts.google.com',
    { typ: 'JWT' },
    { aud: 'cars', azp: 'robot', email: 'robot@project.iam.gserviceaccount.example', email_verified: true },
  ],
  'RFC 9068 section 2.2': [
    'https://authorization-server.example.com/',
    { typ: 'at+JWT', kid: 'RjEwOwOA' },
    {
      sub: '5ba552d67',
      aud: 'cars',
      jti: 'dbe39bf3a3ba4238a513f51d6e1691c4',
      client_id: 'robot',
      scope: 'openid profile reademail',
    },
  ],
}

for (const [name, [iss, header, members]] of Object.entries(shapes)) {
  test(`a token as ${name} writes it is accepted, by its metadata, its audience and its client`, async () => {
    const named = { ...key, jwk: { ...key.jwk, kid: String(header.kid ?? 'key-1') } }
    const token = sign(named, { iss, iat: noon / 1_000, exp: noon / 1_000 + 300, ...members }, header)
    const { verifier, fetched } = start({ issuer: iss, clients: ['robot'] }, { issuer: iss }, [named.jwk])
    assert.equal((await verifier.verify(token)).claims.iss, iss)
    assert.equal(fetched[0], `${iss.replace(/\/$/, '')}/.well-known/openid-configuration`)
  })
}

test('a token as Cognito writes it, without aud, is for nobody', async () => {
  const token = sign(key, { ...claims, aud: undefined, token_use: 'access', scope: 'cars/read' })
  await assert.rejects(start().verifier.verify(token), { code: 'ERR_TOKEN_MALFORMED' })
})

const invalid: Record<string, Record<string, unknown>> = {
  'names another issuer': { issuer: 'https://evil.example' },
  'names no issuer': { issuer: undefined },
  'names no key set': { jwks_uri: undefined },
  'names a key set over plain http': { jwks_uri: 'http://keys.example/all' },
  'names a key set in a file': { jwks_uri: 'file:///etc/keys' },
}

for (const [what, metadata] of Object.entries(invalid)) {
  test(`metadata that ${what} is not used`, async () => {
    const { verifier } = start({}, metadata)
    await assert.rejects(verifier.verify(sign(key, claims)), { code: 'ERR_METADATA_INVALID' })
  })
}

test('each fetch is told with the address of what was fetched last, without its query', async () => {
  const seen: unknown[] = []
  const listen = (message: unknown) => {
    const { url, keys, error } = Object(message)
    seen.push([url, keys ?? error.message])
  }
  subscribe('x5t:keys', listen)
  const metadataUrl = 'https://issuer.example/metadata/openid?code=canary'
  const jwks_uri = 'https://keys.example/all?code=canary'
  const token = sign(key, claims)
  await start({ metadataUrl }, { jwks_uri }).verifier.verify(token)
  const names = (metadata: object, keys?: readonly unknown[]) =>
    assert.rejects(start({ metadataUrl }, { jwks_uri, ...metadata }, keys).verifier.verify(token))
  await names({ issuer: 'https://evil.example' })
  await names({ issuer: undefined })
  await names({}, [])
  await assert.rejects(start({ jwksUri: jwks_uri }, {}, []).verifier.verify(token))
  unsubscribe('x5t:keys', listen)
  const [metadataShown, keysShown] = [
    'https://issuer.example/metadata/openid?…',
    'https://keys.example/all?…',
  ]
  assert.deepEqual(seen, [
    [keysShown, 1],
    [metadataShown, `${metadataShown} names issuer 'https://evil.example'`],
    [metadataShown, `${metadataShown} names no issuer`],
    [keysShown, `${keysShown} has no key that can verify RS256`],
    [keysShown, `${keysShown} has no key that can verify RS256`],
  ])
})

for (const [jwksUri, message] of [
  ['http://user:canary@keys.example/all?code=canary', "'http://keys.example/all?…' is not an https address"],
  ['ftp://canary@keys.example/?x=y', "'keys.example/' is not an https address"],
  ['https://user:canary@keys.example/all?code=canary', "'https://keys.example/all?…' must have no user"],
] as const) {
  test(`an address that cannot be used is shown without user and query: ${message}`, () => {
    assert.throws(() => start({ jwksUri }), { code: 'ERR_AUTHORITY_INVALID', message })
  })
}

test('nor is the query shown where a given fetch names the address in what it throws', async () => {
  const jwksUri = 'https://keys.example/all?code=canary'
  const fetch = async () => {
    throw new TypeError(`cannot reach '${jwksUri}'`)
  }
  const thrown = await start({ jwksUri, fetch }).verifier.verify(sign(key, claims)).catch(String)
  assert.equal(
    thrown,
    "TransportError: no answer from keys.example: cannot reach 'https://keys.example/all?…'",
  )
})

const answers: Record<string, () => Response> = {
  'an error of the server': () => Response.json({ error: 'server_error' }, { status: 503 }),
  'too many requests': () => Response.json({}, { status: 429 }),
  'a redirect': () => Response.redirect('https://evil.example/keys', 302),
  HTML: () => new Response('<html>'),
  'a list': () => Response.json([]),
  'no keys': () => Response.json({ keys: [] }),
  'keys that are no list': () => Response.json({ keys: {} }),
  'keys for encryption alone': () => Response.json({ keys: [{ ...key.jwk, use: 'enc' }] }),
  'more keys than any issuer has': () =>
    Response.json({ keys: Array.from({ length: 1_001 }, () => key.jwk) }),
}

for (const [what, answer] of Object.entries(answers)) {
  test(`a key set that is answered with ${what} is not used`, async () => {
    const { verifier } = start({ jwksUri: 'https://issuer.example/jwks', fetch: async () => answer() })
    await assert.rejects(verifier.verify(sign(key, claims)), { code: 'ERR_METADATA_INVALID' })
  })
}

test('an issuer that refuses its keys is named with what Entra gives as the reason, and nothing else of its answer', async () => {
  const body = { error: 'invalid_tenant', error_description: 'AADSTS90002: Tenant \u001b[2J not found' }
  const fetch = async () => Response.json(body, { status: 400 })
  const { verifier } = start({ jwksUri: 'https://issuer.example/jwks', fetch })
  await assert.rejects(verifier.verify(sign(key, claims)), {
    code: 'ERR_METADATA_REFUSED',
    message: 'https://issuer.example/jwks is answered with 400 (AADSTS90002)',
  })
})
