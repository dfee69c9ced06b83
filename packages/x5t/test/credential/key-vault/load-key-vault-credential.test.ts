import assert from 'node:assert/strict'
import { createHash, verify, X509Certificate } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { after, before, beforeEach, describe, test } from 'node:test'
import { CertificateClient } from '@azure/keyvault-certificates'
import { CryptographyClient } from '@azure/keyvault-keys'
import { loadKeyVaultCredential } from '../../../src/credential/key-vault/load-key-vault-credential.ts'
import { testCredential } from '../../../src/credential/test-credential.ts'
import { deferred, settled } from '../../support/deferred.ts'
import { skipWithoutOpenssl } from '../../support/openssl.ts'
import { type FakeVault, startFakeVault, vaultToken } from '../../support/vault.ts'

const minute = 60_000

describe('a certificate in Key Vault', skipWithoutOpenssl, () => {
  let vault: FakeVault
  let first: { version: string; pem: string }
  let time = 0
  let scopes: (string | string[])[] = []
  const credential = {
    getToken: async (scope: string | string[]) => {
      scopes.push(scope)
      return { token: vaultToken, expiresOnTimestamp: Date.now() + minute }
    },
  }
  before(async () => {
    vault = await startFakeVault()
    first = await vault.renew()
  })
  after(() => vault.stop())
  beforeEach(() => {
    vault.requests.length = 0
    vault.fault = undefined
    scopes = []
    time = 0
  })

  const load = (path = '/certificates/app', options = {}) =>
    loadKeyVaultCredential({
      certificate: `${vault.url}${path}`,
      credential,
      scope: 'https://vault.azure.net/.default',
      ca: vault.ca,
      now: () => time,
      ...options,
    })

  test('is what the official clients get, and its key signs as theirs does', async () => {
    const insecure = { disableChallengeResourceVerification: true, tlsOptions: { ca: vault.ca } }
    const theirs = await new CertificateClient(vault.url, credential, insecure).getCertificate('app')
    const cryptography = new CryptographyClient(theirs.keyId ?? '', credential, insecure)
    const data = Buffer.from('header.claims')
    const digest = createHash('sha256').update(data).digest()

    const { certificate, signer } = await (await load()).current()
    assert.deepEqual(Buffer.from(certificate.der), Buffer.from(theirs.cer ?? []))
    assert.deepEqual(
      Buffer.from(certificate.thumbprintSha1, 'base64url'),
      Buffer.from(theirs.properties.x509Thumbprint ?? []),
    )
    const ours = await signer.sign('RS256', data)
    assert.deepEqual(Buffer.from(ours), Buffer.from((await cryptography.sign('RS256', digest)).result))
    assert.ok(verify('sha256', data, new X509Certificate(first.pem).publicKey, ours))
  })

  test('signs with PS256 and RS256 as its certificate verifies', async () => {
    const current = await (await load()).current()
    await testCredential(current, 'PS256')
    await testCredential(current, 'RS256')
    assert.deepEqual(vault.requests, [
      'GET /certificates/app',
      `POST /keys/app/${first.version}/sign`,
      `POST /keys/app/${first.version}/sign`,
    ])
    assert.deepEqual([...new Set(scopes)], ['https://vault.azure.net/.default'])
  })

  test('is taken up in its new version, looked for at most once a minute', async () => {
    const source = await load()
    const before = await source.current()
    const second = await vault.renew()
    assert.equal(await source.current(), before)
    assert.equal(vault.requests.length, 1)

    time += minute
    const after = await source.current()
    assert.equal(after.certificate.pem, second.pem)
    assert.equal(source.previous?.(), before)
    await testCredential(after)
    await testCredential(before)
    assert.equal((await source.current()).certificate.pem, second.pem)
  })

  test('is looked for on time by a clock that was an hour fast', async () => {
    const source = await load()
    const { pem } = await vault.renew()
    time -= 60 * minute
    assert.equal((await source.current()).certificate.pem, pem)
  })

  test('warns of a version outside its dates, or refuses it where the caller says so', async () => {
    const now = () => Date.parse(new X509Certificate(first.pem).validTo) + minute
    const path = `/certificates/app/${first.version}`
    assert.match((await (await load(path, { now })).current()).warnings.join(), /^certificate .* expired on /)
    await assert.rejects(load(path, { now, outsideDates: 'refuse' }), { code: 'ERR_CERT_EXPIRED' })
  })

  test('that is valid gives way to no version that is not, until that is; one that has expired gives way', async () => {
    const day = 24 * 60 * minute
    const valid = await vault.renew()
    const start = Date.parse(new X509Certificate(valid.pem).validFrom)
    const source = await load('/certificates/app', { now: () => start + time })
    const outcomes: unknown[] = []
    const listen = (message: unknown) => outcomes.push([Object(message).outcome, Object(message).error?.code])
    subscribe('x5t:adoption', listen)
    const pemAt = async (days: number) => {
      time = days * day
      return (await source.current()).certificate.pem
    }
    const renew = (day0: number) => vault.renew({ days: 30, now: () => start + day0 * day })

    await renew(-60)
    assert.equal(await pemAt(1), valid.pem)
    const later = await renew(3)
    assert.equal(await pemAt(2), valid.pem)
    assert.equal(await pemAt(4), later.pem)
    const expired = await renew(-60)
    assert.equal(await pemAt(40), expired.pem)
    unsubscribe('x5t:adoption', listen)
    assert.deepEqual(outcomes, [
      ['kept', 'ERR_CERT_EXPIRED'],
      ['kept', 'ERR_CERT_NOT_YET_VALID'],
      ['loaded', undefined],
      ['loaded', undefined],
    ])
  })

  test('stays as it is while the vault does not answer', async () => {
    const source = await load()
    const before = await source.current()
    time += minute
    vault.fault = { status: 503, body: {} }
    assert.equal(await source.current(), before)
  })

  test('is looked for again after a minute in which the identity did not answer', async (context) => {
    const asked = deferred<void>()
    let hangs = false
    const identity = {
      getToken() {
        if (!hangs) return Promise.resolve({ token: vaultToken })
        asked.resolve()
        return new Promise<never>(() => {})
      },
    }
    const source = await load('/certificates/app', { credential: identity })
    const before = await source.current()
    const { pem } = await vault.renew()
    context.mock.timers.enable({ apis: ['setTimeout'] })
    time += minute
    hangs = true
    const waiting = source.current()
    await asked.promise
    context.mock.timers.tick(2_000)
    assert.equal(await waiting, before)
    hangs = false
    time += minute
    assert.equal(await source.current(), before)
    context.mock.timers.tick(58_000)
    await settled()
    context.mock.timers.reset()
    assert.equal((await source.current()).certificate.pem, pem)
  })

  for (const [what, status, body, code] of [
    ['may not be used', 403, { error: { code: 'Forbidden' } }, 'ERR_KEY_VAULT_REFUSED'],
    ['is another', 200, { value: 'AAAA' }, 'ERR_CERT_KEY_MISMATCH'],
  ] as const) {
    test(`stays in the version that signs while the key of the new one ${what}`, async () => {
      const kept: unknown[] = []
      const listen = (message: unknown) => kept.push(Object(message).error?.code)
      const source = await load()
      const before = await source.current()
      const { version, pem } = await vault.renew()
      const path = `/keys/app/${version}/sign`
      vault.fault = { status, body, path }
      time += minute
      subscribe('x5t:adoption', listen)
      assert.equal(await source.current(), before)
      unsubscribe('x5t:adoption', listen)
      assert.deepEqual(kept, [code])

      vault.fault = undefined
      time += minute
      assert.equal((await source.current()).certificate.pem, pem)
      time += minute
      await source.current()
      assert.equal(vault.requests.filter((request) => request === `POST ${path}`).length, 2)
    })
  }

  test('stays in the version that was asked for', async () => {
    const source = await load(`/certificates/app/${first.version}`)
    time += minute
    assert.equal((await source.current()).certificate.pem, first.pem)
    assert.equal(vault.requests.length, 1)
  })

  const answers: [string, number, unknown, object][] = [
    [
      'a refusal',
      403,
      { error: { code: 'Forbidden', message: 'The user does not have get permission' } },
      { code: 'ERR_KEY_VAULT_REFUSED', message: /403 Forbidden: The user does not have get permission/ },
    ],
    ['throttling', 429, {}, { code: 'ERR_KEY_VAULT_UNAVAILABLE', retryable: true }],
    ['a redirect', 302, {}, { code: 'ERR_KEY_VAULT_REFUSED' }],
    ['no object', 200, [], { code: 'ERR_RESPONSE_INVALID' }],
    ['no certificate', 200, {}, { code: 'ERR_RESPONSE_INVALID' }],
    [
      'a key in another vault',
      200,
      { cer: '', kid: 'https://evil.vault.azure.net/keys/app/1' },
      { code: 'ERR_RESPONSE_INVALID', message: /a key that is not in it/ },
    ],
  ]
  for (const [what, status, body, expected] of answers) {
    test(`is not had from ${what}`, async () => {
      vault.fault = { status, body }
      await assert.rejects(load(), expected)
    })
  }

  for (const [form, value] of [
    ['in seconds', '30'],
    ['as a date', new Date(30_000).toUTCString()],
  ] as const) {
    test(`says with a signature that is not had how long a busy vault wants to be left alone, ${form}`, async () => {
      const { signer } = await (await load()).current()
      const headers = { 'retry-after': value, date: new Date(0).toUTCString() }
      vault.fault = { status: 429, body: {}, headers }
      const expected = { code: 'ERR_KEY_VAULT_UNAVAILABLE', retryable: true, retryAfterMs: 30_000 }
      await assert.rejects(signer.sign('PS256', Buffer.from('x')), expected)
    })
  }

  for (const given of [null, undefined, {}, { token: '' }, { token: 5 }, { token: 'two\nlines' }]) {
    test(`is not asked for where the identity gives ${JSON.stringify(given)}`, async () => {
      await assert.rejects(load('/certificates/app', { credential: { getToken: async () => given } }), {
        code: 'ERR_SIGNER_FAILED',
        message: /^the credential got no token for Key Vault \S+$/,
      })
      assert.equal(vault.requests.length, 0)
    })
  }

  test('is not had by a name that is not there', async () => {
    await assert.rejects(load('/certificates/other'), { code: 'ERR_KEY_VAULT_REFUSED', message: /404/ })
  })

  test('says so where the identity fails, at the start and when it signs', async () => {
    const down = new Error('no managed identity endpoint')
    let fails = false
    const identity = { getToken: async () => (fails ? Promise.reject(down) : { token: vaultToken }) }
    const { signer } = await (await load('/certificates/app', { credential: identity })).current()
    fails = true
    const expected = {
      name: 'CertificateError',
      code: 'ERR_SIGNER_FAILED',
      message: /the credential got no token for Key Vault localhost:\d+: no managed identity endpoint$/,
      cause: down,
    }
    await assert.rejects(load('/certificates/app', { credential: identity }), expected)
    await assert.rejects(signer.sign('PS256', Buffer.from('x')), expected)
  })

  for (const certificate of [
    'contoso',
    'http://contoso.vault.azure.net/certificates/app',
    'https://contoso.vault.azure.net/keys/app',
    'https://contoso.vault.azure.net.evil.example/certificates/app',
  ]) {
    test(`a token goes to no such place: ${certificate}`, async () => {
      await assert.rejects(loadKeyVaultCredential({ certificate, credential }), {
        name: 'ConfigurationError',
        code: 'ERR_KEY_VAULT_ID_INVALID',
      })
      assert.equal(scopes.length, 0)
    })
  }

  test('asks for tokens of the service that the host belongs to', async () => {
    const fetch = async () => new Response('{}')
    for (const domain of ['vault.azure.net', 'vault.azure.cn', 'vault.usgovcloudapi.net']) {
      const certificate = `https://contoso.${domain}/certificates/app`
      await assert.rejects(loadKeyVaultCredential({ certificate, credential, fetch }))
      assert.equal(scopes.at(-1), `https://${domain}/.default`)
    }
  })
})
