import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '../../src/client/client.ts'
import type { ClientOptions } from '../../src/client/options.ts'
import type { CredentialSource } from '../../src/credential/client-credential.ts'
import { CertificateError } from '../../src/errors.ts'
import { newCredential } from '../support/credential.ts'
import { settled } from '../support/deferred.ts'
import { storeIn } from '../support/memory-store.ts'
import { tokenService } from '../support/token-service.ts'

/** A source of the caller's own may do anything; plain JavaScript more than the types allow. */

const credential = await newCredential()
const scope = 'api://cars/.default'
const down = new Error('the vault does not answer')
const secret = 'c2VjcmV0IG9mIHRoZSB2YXVsdCwgYW5kIG5vdCBvdXJz'

function stage(source: object, options: Partial<ClientOptions> = {}) {
  const { fetch, asked } = tokenService()
  const common = { tenant: 'contoso.com', clientId: 'app', fetch, ...options }
  // As JavaScript sees it
  const client = createClient({ ...common, credential: source as CredentialSource } as ClientOptions)
  return { client, asked }
}

const fails = () => {
  throw down
}
const failures: readonly [what: string, source: object][] = [
  ['rejects', { current: async () => fails() }],
  ['throws', { current: fails }],
  ['throws for the one before', { current: async () => credential, previous: fails }],
]
for (const [what, source] of failures) {
  test(`a source that ${what} is a CertificateError with the reason as its cause`, async () => {
    const { client, asked } = stage(source)
    const expected = {
      name: 'CertificateError',
      code: 'ERR_SIGNER_FAILED',
      message: 'the source gave no credential: the vault does not answer',
      cause: down,
    }
    await assert.rejects(client.getToken({ scope }), expected)
    await assert.rejects(client.getTokenResponse({ scope }), expected)
    assert.equal(asked.length, 0)
  })
}

test('what a source throws is one short line in the message, with nothing in it that may be a key', async () => {
  const { client } = stage({ current: () => Promise.reject(`not\nwith ${secret}${' no'.repeat(200)}`) })
  await assert.rejects(client.getToken({ scope }), ({ message }) => {
    assert.match(message, /^the source gave no credential: not with \(\d+ characters\)[ no]+…$/)
    assert.ok(message.length < 200)
    return true
  })
})

test('an error of ours from a source stays as it is', async () => {
  const ours = new CertificateError('ERR_FILE_MISSING', 'app.pem does not exist')
  const { client } = stage({ current: () => Promise.reject(ours) })
  await assert.rejects(client.getToken({ scope }), (error) => error === ours)
})

const strangers: readonly [what: string, source: object, method: RegExp][] = [
  ['nothing', { current: async () => undefined }, /^current\(\) .* \{ certificate, signer \}/],
  ['a path', { current: () => 'app.pem' }, /^current\(\) /],
  ['a signer that cannot sign', { current: async () => ({ ...credential, signer: {} }) }, /^current\(\) /],
  ['a certificate that is null', { current: async () => ({ ...credential, certificate: null }) }, /^current/],
  [
    'a promise of the one before',
    { current: async () => credential, previous: async () => credential },
    /^previous\(\) /,
  ],
]
for (const [what, source, message] of strangers) {
  test(`a source that gives ${what} is a TypeError that names the method`, async () => {
    const { client, asked } = stage(source)
    await assert.rejects(client.getToken({ scope }), { name: 'TypeError', message })
    assert.equal(asked.length, 0)
  })
}

test('a source may give its credential at once', async () => {
  const { client } = stage({ current: () => credential })
  assert.equal((await client.getToken({ scope })).accessToken, 'token-1')
})

test('a store beside a source that fails changes nothing', async () => {
  const store = { get: async () => undefined, set: async () => {}, lease: async () => undefined }
  const { client } = stage({ current: fails }, { store })
  await assert.rejects(client.getToken({ scope }), { code: 'ERR_SIGNER_FAILED', cause: down })
})

test('a source that hangs is waited for no longer than the caller would wait, and asked again', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const answers = [new Promise(() => {}), credential]
  const { client } = stage({ current: () => answers.shift() })
  const waiting = client.getToken({ scope })
  context.mock.timers.tick(30_000)
  await assert.rejects(waiting, { name: 'TransportError', code: 'ERR_TIMEOUT' })
  assert.equal((await client.getToken({ scope })).accessToken, 'token-1')
})

test('beside a store too a source that hangs is named as what has not answered', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  let asked = 0
  const current = () => {
    asked++
    return new Promise(() => {})
  }
  const { client } = stage({ current }, { store: storeIn(new Map()) })
  const waiting = assert.rejects(client.getToken({ scope }), {
    code: 'ERR_TIMEOUT',
    message: /within 30 s: the source of the credential has not answered$/,
  })
  for (const times of [1, 2]) {
    while (asked < times) await settled() // code is loaded in between, in a time of its own
    context.mock.timers.tick(15_000)
  }
  await waiting
})

test('while a token lives, a source that fails is no error of its callers', async () => {
  const time = { now: 1_900_000_000_000 }
  let isDown = false
  const { client } = stage({ current: async () => (isDown ? fails() : credential) }, { now: () => time.now })
  const { refreshAt } = await client.getToken({ scope })
  isDown = true
  time.now = refreshAt
  assert.equal((await client.getToken({ scope })).accessToken, 'token-1')
  await settled()
  assert.equal((await client.getToken({ scope })).accessToken, 'token-1')
})
