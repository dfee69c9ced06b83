import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '../../src/client/client.ts'
import type { ClientOptions, GetTokenOptions } from '../../src/client/options.ts'
import { loadCredential } from '../../src/credential/load-credential.ts'
import { newCredential } from '../support/credential.ts'
import { tokenService } from '../support/token-service.ts'

const credential = await newCredential()
/** With options that the types forbid; plain JavaScript does not. */
const create = (options: object) =>
  createClient({ tenant: 'contoso.com', clientId: 'app', credential, ...options })

const mistakes: readonly [name: string, request: unknown][] = [
  ['no argument', undefined],
  ['null', null],
  ['a scope alone', 'https://graph.microsoft.com/.default'],
  ['nothing', {}],
  ['both', { scope: 'x', resource: 'x' }],
  ['an empty scope', { scope: '' }],
  ['a scope that begins with a space', { scope: ' x' }],
  ['a number', { scope: 5 }],
]

for (const [name, request] of mistakes) {
  test(`getToken with ${name} rejects with a TypeError and asks nobody`, async () => {
    const { fetch, asked } = tokenService()
    const client = create({ fetch })
    // The types forbid it; plain JavaScript does not.
    const expected = { name: 'TypeError', message: /^getToken needs a scope or a resource/ }
    await assert.rejects(client.getToken(request as GetTokenOptions), expected)
    await assert.rejects(client.getTokenResponse(request as GetTokenOptions), expected) // as above
    assert.equal(asked.length, 0)
  })
}

test('tenant and authority are not passed over where tokenEndpoint is given, and undefined is none', () => {
  const tokenEndpoint = 'https://as.example/token'
  const expected = { name: 'TypeError', message: /^tenant has no meaning where tokenEndpoint is given$/ }
  assert.throws(() => create({ tokenEndpoint }), expected)
  assert.throws(() => create({ tokenEndpoint, tenant: undefined, authority: 'https://login.example' }), {
    message: /^authority has no meaning/,
  })
  create({ tokenEndpoint, tenant: undefined })
  create({ tokenEndpoint: undefined })
  assert.throws(() => create({ tokenEndpoint: undefined, tenant: undefined }), {
    message: 'tokenEndpoint must be a string',
  })
})

const badOptions: readonly [name: string, options: object, option?: string][] = [
  ['an empty clientId', { clientId: '' }, 'clientId'],
  ['a credential that is none', { credential: {} }],
  ['a signer that cannot sign', { credential: { certificate: {}, signer: {} } }],
  ['an algorithm that is none', { algorithm: 'none' }],
  ['a flag in a word', { sendCertificateChain: 'no' }],
  ['plain http in a word', { allowHttpAuthority: 'false' }],
  ['a timeout of 0', { timeoutMs: 0 }],
  ['an endless timeout', { timeoutMs: Number.POSITIVE_INFINITY }],
  ['no room for tokens', { maxCachedTokens: 0 }],
  ['a store that is null', { store: null }],
  ['a store that cannot set', { store: { get() {}, lease() {} } }],
  ['an authority that is a number', { authority: 5 }],
  ['a token endpoint that is a number', { tokenEndpoint: 5 }],
  ['an empty audience', { tokenEndpoint: 'https://as.example/token', audience: '' }, 'audience'],
  ['an audience that is a list', { tokenEndpoint: 'https://as.example/token', audience: ['a'] }, 'audience'],
  ['a fetch by name', { fetch: 'x' }],
  ['a time in place of a clock', { now: 5 }],
  ['a clock of dates', { now: () => new Date() }],
  ['a clock of texts', { now: () => '1700000000000' }],
  ['a clock without time', { now: () => undefined }],
  ['CA certificates in a number', { ca: 5 }],
]

for (const [name, options, option = Object.keys(options)[0]] of badOptions) {
  test(`createClient refuses ${name}, and names the option`, () => {
    assert.throws(() => create(options), {
      name: 'TypeError',
      message: new RegExp(`^${option} must be `),
    })
  })
}

test('loadCredential does not pass over a wish to watch its files, for who watches is another function', async () => {
  const options = { path: 'app.pem', watch: true } // no literal, which the types would refuse
  await assert.rejects(loadCredential(options), {
    name: 'TypeError',
    message: 'files are watched by watchCredential({ path })',
  })
})

test('options that are changed afterwards are those of the next client', async () => {
  const { fetch, asked } = tokenService()
  const options: ClientOptions = { tenant: 'contoso.com', clientId: 'app', credential, fetch }
  const client = createClient(options)
  const changes = { authority: 'https://login.microsoftonline.us', algorithm: 'RS256', clientId: 'other' }
  Object.assign(options, changes)
  await client.getToken({ scope: 'x', tenant: 'fabrikam.com' })
  const [first] = asked
  assert.equal(new URL(first?.url ?? '').host, 'login.microsoftonline.com')
  assert.equal(first?.header.alg, 'PS256')
})

test('createClient without options, and loadCredential with a path alone, say what they need', async () => {
  const [make, load] = [createClient, loadCredential] as ((options?: unknown) => unknown)[] // as JavaScript sees them
  assert.throws(() => make?.(), { name: 'TypeError', message: /needs \{ tenant, clientId, credential \}$/ })
  await assert.rejects(async () => load?.('app.pem'), { name: 'TypeError', message: /\{ path \}, \{ pem \}/ })
})

for (const credential of [undefined, null, 'app.pem']) {
  test(`createClient says what a credential is in place of ${credential}`, () => {
    assert.throws(() => create({ credential }), {
      name: 'TypeError',
      message: /see loadCredential$/,
    })
  })
}
