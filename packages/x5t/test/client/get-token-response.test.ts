import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '../../src/client/client.ts'
import type { ClientOptions } from '../../src/client/options.ts'
import { newCredential } from '../support/credential.ts'
import { tokenService } from '../support/token-service.ts'

const credential = await newCredential()
const scope = 'https://graph.microsoft.com/.default'

function stage(using: ClientOptions['credential'] = credential) {
  const { fetch, asked } = tokenService()
  const client = createClient({ tenant: 'contoso.com', clientId: 'app', credential: using, fetch })
  return { client, asked }
}

test('getTokenResponse asks each time and returns the wire members', async () => {
  const { client, asked } = stage()
  await client.getToken({ scope })
  assert.deepEqual(await client.getTokenResponse({ scope }), {
    token_type: 'Bearer',
    expires_in: 3_600,
    access_token: 'token-2',
  })
  assert.equal(asked.length, 2)
})

test('callers who want the same at the same time share one answer; other claims are another question', async () => {
  const { client, asked } = stage()
  const claims = ['{"access_token":{"nbf":{"value":"1"}}}', '{"access_token":{"nbf":{"value":"2"}}}']
  const requests = [{ scope }, ...claims.map((claims) => ({ scope, claims }))]
  const answers = await Promise.all([...requests, ...requests].map(client.getTokenResponse))
  assert.deepEqual(asked.map(({ form }) => form.get('claims')).sort(), [null, ...claims])
  assert.deepEqual(answers.slice(3), answers.slice(0, 3))
  assert.equal(new Set(answers.map((answer) => answer.access_token)).size, 3)
})

test('a request object that changes after the call changes nothing', async () => {
  const { client, asked } = stage({ current: async () => credential })
  const request = { scope }
  const waiting = client.getTokenResponse(request)
  request.scope = 'other'
  await waiting
  assert.equal(asked[0]?.form.get('scope'), scope)
})
