import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAuthorizedFetch } from '../../src/client/authorized-fetch.ts'
import type { GetTokenOptions } from '../../src/client/options.ts'

const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}'

function open(...answers: (() => Response)[]) {
  const asked: GetTokenOptions[] = []
  const sent: { url: string; authorization: string | null; body: string }[] = []
  const authorized = createAuthorizedFetch(
    async (options) => {
      asked.push(options)
      return { accessToken: `token-${asked.length}`, tokenType: 'Bearer', expiresAt: 0, refreshAt: 0 }
    },
    async (input) => {
      const request = input as Request // it is always one
      sent.push({
        url: request.url,
        authorization: request.headers.get('authorization'),
        body: await request.text(),
      })
      return (answers[Math.min(sent.length, answers.length) - 1] ?? Response.error)()
    },
  )
  return { authorized, asked, sent }
}

const ok = () => new Response('ok')
const challenge = (header: string) => () =>
  new Response('', { status: 401, headers: { 'www-authenticate': header } })
const encoded = Buffer.from(claims).toString('base64')

const scopes: [string, string][] = [
  ['https://graph.microsoft.com/v1.0/users', 'https://graph.microsoft.com/.default'],
  ['https://billing.vault.azure.net/secrets/a', 'https://vault.azure.net/.default'],
  ['https://acme.blob.core.windows.net/c', 'https://storage.azure.com/.default'],
]
for (const [url, scope] of scopes) {
  test(`${url} gets a token for ${scope}`, async () => {
    const { authorized, asked, sent } = open(ok)
    await authorized(url)
    assert.equal(asked[0] && 'scope' in asked[0] && asked[0].scope, scope)
    assert.equal(sent[0]?.authorization, 'Bearer token-1')
  })
}

const headers: [string, string][] = [
  ['base64', `Bearer realm="", error="insufficient_claims", claims="${encoded}"`],
  [
    'base64url without padding',
    `Bearer claims="${Buffer.from(claims).toString('base64url')}", error="insufficient_claims"`,
  ],
  [
    'another challenge before it',
    `Basic realm="a, b", Bearer error="insufficient_claims", claims="${encoded}"`,
  ],
  ['another challenge after it', `Bearer error="insufficient_claims", claims="${encoded}", Negotiate`],
  ['an escaped quote', `Bearer realm="say \\"hi\\"", error="insufficient_claims", claims="${encoded}"`],
]
for (const [what, header] of headers) {
  test(`a claims challenge with ${what} is answered once, the body sent again`, async () => {
    const { authorized, asked, sent } = open(challenge(header), ok)
    const response = await authorized('https://graph.microsoft.com/x', { method: 'POST', body: 'payload' })
    assert.equal(await response.text(), 'ok')
    assert.equal(asked[1]?.claims, claims)
    assert.deepEqual(
      sent.map(({ authorization, body }) => [authorization, body]),
      [
        ['Bearer token-1', 'payload'],
        ['Bearer token-2', 'payload'],
      ],
    )
  })
}

test('a second challenge reaches the caller', async () => {
  const { authorized, sent } = open(challenge(`Bearer error="insufficient_claims", claims="${encoded}"`))
  assert.equal((await authorized('https://graph.microsoft.com/x')).status, 401)
  assert.equal(sent.length, 2)
})

for (const header of [
  'Bearer error="invalid_token"',
  'Bearer error="insufficient_claims", claims="e30x"',
  'Bearer error="insufficient_claims"',
  '"',
  'Bearer ====',
]) {
  test(`a 401 with ${header} is the caller's`, async () => {
    const { authorized, sent } = open(challenge(header))
    assert.equal((await authorized('https://graph.microsoft.com/x')).status, 401)
    assert.equal(sent.length, 1)
  })
}

test('no token goes over plain http to another machine', async () => {
  const { authorized, asked } = open(ok)
  await assert.rejects(authorized('http://graph.microsoft.com/'), TypeError)
  assert.equal(asked.length, 0)
  await authorized('http://127.0.0.1:8080/')
  assert.equal(asked.length, 1)
})
