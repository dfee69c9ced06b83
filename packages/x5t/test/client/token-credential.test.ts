import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type GetTokenOptions, getBearerTokenProvider, type TokenCredential } from '@azure/identity'
import { createClient } from '../../src/client/client.ts'
import { newCredential } from '../support/credential.ts'
import { tokenService } from '../support/token-service.ts'

const credential = await newCredential()
const scope = 'https://vault.azure.net/.default'

function stage() {
  const service = tokenService()
  const client = createClient({ tenant: 'contoso.com', clientId: 'app', credential, fetch: service.fetch })
  // The assignment is the test of the type: whatever takes theirs takes ours.
  const theirs: TokenCredential = client.credential
  return { credential: theirs, client, asked: service.asked }
}

test("an Azure SDK's own pipeline gets its token from it", async () => {
  const { credential } = stage()
  assert.equal(await getBearerTokenProvider(credential, scope)(), 'token-1')
})

test('it gives the token and its times, and shares the tokens of getToken', async () => {
  const { credential, client, asked } = stage()
  const token = await client.getToken({ scope })
  assert.deepEqual(await credential.getToken(scope), {
    token: token.accessToken,
    expiresOnTimestamp: token.expiresAt,
    refreshAfterTimestamp: token.refreshAt,
    tokenType: 'Bearer',
  })
  assert.equal(asked.length, 1)
})

test('scopes may be a list', async () => {
  const { credential, asked } = stage()
  await credential.getToken([scope])
  assert.equal(asked[0]?.form.get('scope'), scope)
})

test('tenantId asks another tenant', async () => {
  const { credential, asked } = stage()
  await credential.getToken(scope, { tenantId: 'fabrikam.com' })
  assert.equal(asked[0]?.url, 'https://login.microsoftonline.com/fabrikam.com/oauth2/v2.0/token')
})

test('claims bypass what is cached, and enableCae announces cp1', async () => {
  const { credential, asked } = stage()
  await credential.getToken(scope, { enableCae: true })
  const claims = '{"access_token":{"nbf":{"value":"1"}}}'
  const renewed = await credential.getToken(scope, { enableCae: true, claims })
  assert.equal(renewed?.token, 'token-2')
  assert.equal((await credential.getToken(scope, { enableCae: true }))?.token, 'token-2')
  assert.deepEqual(JSON.parse(asked[1]?.form.get('claims') ?? ''), {
    access_token: { nbf: { value: '1' }, xms_cc: { values: ['cp1'] } },
  })
})

test('abortSignal ends the wait, also in the shape that older SDKs pass', async () => {
  const { credential } = stage()
  await assert.rejects(Promise.resolve(credential.getToken(scope, { abortSignal: AbortSignal.abort() })), {
    name: 'AbortError',
  })
  const listeners: (() => void)[] = []
  const abortSignal: NonNullable<GetTokenOptions['abortSignal']> = {
    aborted: false,
    addEventListener: (_, listener) => listeners.push(() => listener.call(abortSignal, {})),
    removeEventListener() {},
  }
  const waiting = Promise.resolve(credential.getToken(scope, { abortSignal }))
  for (const listener of listeners) listener()
  await assert.rejects(waiting, { name: 'AbortError' })
})
