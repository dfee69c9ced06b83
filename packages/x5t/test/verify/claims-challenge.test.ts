import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { createClient } from '../../src/client/client.ts'
import type { ClaimRequests } from '../../src/verify/claim-requests.ts'
import { claimsChallenge, createVerifier, InsufficientClaimsError } from '../../src/verify/index.ts'
import { newCredential } from '../support/credential.ts'
import { listen } from '../support/listen.ts'
import { apiId, clientId, entraFetch, newKey, noon, sign, tenant, v2Claims } from './issuer.ts'

const key = newKey('key-1')
const entra = entraFetch(() => [key.jwk])

function verifierOf(requiredClaims: ClaimRequests) {
  return createVerifier({
    tenant,
    audience: apiId,
    roles: ['Cars.Read'],
    requiredClaims,
    fetch: entra.fetch,
    now: () => noon,
  })
}

const satisfied: readonly (readonly [ClaimRequests, Record<string, unknown>])[] = [
  [{ ctry: {} }, { ctry: false }],
  [{ ctry: { essential: true } }, { ctry: 'DE' }],
  [{ acrs: { value: 'c1' } }, { acrs: ['c2', 'c1'] }],
  [{ acrs: { values: ['c1', 'c3'] } }, { acrs: 'c3' }],
  [{ nbf: { essential: true, value: String(noon / 1_000 - 300) } }, {}],
  [{ nbf: { value: '1' } }, {}],
]
const lacking: readonly (readonly [ClaimRequests, Record<string, unknown>])[] = [
  [{ ctry: {} }, {}],
  [{ toString: {} }, {}],
  [{ acrs: { value: 'c1' } }, { acrs: 'c10' }],
  [{ acrs: { values: ['c1', 'c3'] } }, { acrs: [] }],
  [{ nbf: { value: String(noon / 1_000 - 299) } }, {}],
  [{ nbf: { value: 'soon' } }, {}],
  [{ ctry: {}, acrs: {} }, { ctry: 'DE' }],
]

for (const [requests, claims] of satisfied) {
  test(`${JSON.stringify(claims)} satisfies ${JSON.stringify(requests)}`, async () => {
    await verifierOf(requests).verify(sign(key, v2Claims(claims)))
  })
}

for (const [requests, claims] of lacking) {
  test(`${JSON.stringify(claims)} does not satisfy ${JSON.stringify(requests)}`, async () => {
    await assert.rejects(verifierOf(requests).verify(sign(key, v2Claims(claims))), (error) => {
      assert.ok(error instanceof InsufficientClaimsError)
      assert.deepEqual([error.code, error.requested], ['ERR_TOKEN_CLAIMS', requests])
      return true
    })
  })
}

test('a claims challenge is one Bearer challenge with the requests in base64', () => {
  assert.equal(
    claimsChallenge({ nbf: { essential: true, value: '1604106651' } }),
    'Bearer error="insufficient_claims", ' +
      'claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwidmFsdWUiOiIxNjA0MTA2NjUxIn19fQ=="',
  )
})

test('our own client answers the challenge: one more token, asked for with the claims, and the car', async () => {
  const verifier = verifierOf({ acrs: { essential: true, value: 'c1' } })
  const port = await listen(createServer(verifier.nodeHttp((_, response) => response.end('a car'))))
  const asked: (string | null)[] = []
  const client = createClient({
    tenant,
    clientId,
    credential: await newCredential(),
    fetch: async (input, init) => {
      if (typeof input === 'string') return fetch(input, init)
      const claims = new URLSearchParams(String(init?.body)).get('claims')
      asked.push(claims)
      const token = sign(key, v2Claims(claims?.includes('c1') ? { acrs: ['c1'] } : {}))
      return Response.json({ access_token: token, token_type: 'Bearer', expires_in: 3_600 })
    },
  })
  const response = await client.fetch(`http://127.0.0.1:${port}/cars`, { scope: `${apiId}/.default` })
  assert.deepEqual([response.status, await response.text()], [200, 'a car'])
  assert.equal(asked.length, 2)
  assert.deepEqual(JSON.parse(asked[1] ?? '').access_token.acrs, { essential: true, value: 'c1' })
})
