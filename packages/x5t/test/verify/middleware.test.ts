import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVerifier, type Verifier } from '../../src/verify/index.ts'
import { apiId, clientId, entraFetch, newKey, noon, origin, sign, tenant, v2Claims } from './issuer.ts'
import { servers } from './servers.ts'

const key = newKey('key-1')
const service = { isDown: false }
const { fetch: answer } = entraFetch(() => [key.jwk])

function newVerifier(): Verifier {
  return createVerifier({
    tenant,
    audience: apiId,
    roles: ['Cars.Read'],
    requiredClaims: { xms_cc: { values: ['cp1'] } },
    now: () => noon,
    fetch: (input) => (service.isDown ? Promise.reject(new TypeError('fetch failed')) : answer(input)),
  })
}

const good = { xms_cc: ['cp1'] }
const bearer = (claims: Record<string, unknown>) => `Bearer ${sign(key, v2Claims(claims))}`
const ofUnknownKey = `Bearer ${sign(key, v2Claims(good), { kid: 'key-2' })}`
const claims = Buffer.from('{"access_token":{"xms_cc":{"values":["cp1"]}}}').toString('base64')
const plain = `Bearer authorization_uri="${origin}/${tenant}/oauth2/v2.0/authorize"`
const invalid = (code: string) => `${plain}, error="invalid_token", error_description="${code}"`
const forbidden = (code: string) => `${plain}, error="insufficient_scope", error_description="${code}"`

type Case = readonly [
  what: string,
  authorization: string | undefined,
  status: number,
  challenge: string | null,
]

const cases: readonly Case[] = [
  ['a good token', bearer(good), 200, null],
  ['the scheme in capitals', bearer(good).replace('Bearer', 'BEARER'), 200, null],
  ['no Authorization header', undefined, 401, plain],
  ['an empty Authorization header', '', 401, plain],
  ['another scheme', 'Basic YTpi', 401, plain],
  ['the scheme alone', 'Bearer', 401, plain],
  ['the scheme after another', `Basic YTpi, ${bearer(good)}`, 401, plain],
  ['what is no token', 'Bearer abc', 401, invalid('ERR_TOKEN_MALFORMED')],
  ['two tokens', `${bearer(good)}, ${bearer(good)}`, 401, invalid('ERR_TOKEN_MALFORMED')],
  ['an expired token', bearer({ ...good, exp: 1 }), 401, invalid('ERR_TOKEN_EXPIRED')],
  ['a token without the role', bearer({ ...good, roles: [] }), 403, forbidden('ERR_TOKEN_ROLE')],
  ['a token without a claim', bearer({}), 401, `${plain}, error="insufficient_claims", claims="${claims}"`],
]

for (const [name, start] of Object.entries(servers)) {
  const port = start(newVerifier())
  for (const [what, authorization, status, challenge] of cases) {
    test(`${name} answers ${status} to ${what}`, async () => {
      const headers = authorization === undefined ? {} : { authorization }
      const response = await fetch(`http://127.0.0.1:${await port}/cars`, { headers })
      assert.equal(response.status, status)
      assert.equal(response.headers.get('www-authenticate'), challenge)
      const body = await response.text()
      if (status === 200) return assert.equal(body, clientId)
      assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/)
      assert.equal(response.headers.get('cache-control'), 'no-store')
      assert.equal(body, JSON.stringify({ status, title: status === 401 ? 'Unauthorized' : 'Forbidden' }))
    })
  }

  test(`${name} answers 503, and no challenge, while no keys can be had`, async () => {
    const cold = await start(newVerifier())
    service.isDown = true
    const response = await fetch(`http://127.0.0.1:${cold}/cars`, {
      headers: { authorization: bearer(good) },
    })
    service.isDown = false
    assert.equal(response.status, 503)
    assert.equal(response.headers.get('www-authenticate'), null)
    assert.equal(response.headers.get('retry-after'), '1')
  })

  test(`${name} answers 503 to a key it cannot look for, says how long the pause takes, and lets known keys in`, async () => {
    const warm = await start(newVerifier())
    const call = (authorization: string) =>
      fetch(`http://127.0.0.1:${warm}/cars`, { headers: { authorization } })
    assert.equal((await call(bearer(good))).status, 200)
    service.isDown = true
    const responses = [
      await call(ofUnknownKey),
      await call(ofUnknownKey),
      await call(bearer({ ...good, uti: '2' })),
    ]
    service.isDown = false
    assert.deepEqual(
      responses.map(({ status, headers }) => [
        status,
        headers.get('www-authenticate'),
        headers.get('retry-after'),
      ]),
      [
        [503, null, '60'],
        [503, null, '60'],
        [200, null, null],
      ],
    )
  })
}

test('tokenOf throws for a request that the middleware has not seen, or another verifier let in', async () => {
  const [verifier, other] = [newVerifier(), newVerifier()]
  const request = Object.assign(new Request('http://localhost/'), { auth: { claims: {} } })
  assert.throws(() => verifier.tokenOf(request), TypeError)
  const context = { req: { header: () => bearer(good), raw: request }, set() {} }
  await other.hono()(context, async () => {})
  assert.throws(() => verifier.tokenOf(request), TypeError)
  assert.equal(other.tokenOf(request).claims.azp, clientId)
})
