import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { importJWK } from 'jose'
import { createSigningKeys } from '../../src/token/signing-keys.ts'

const dayMs = 86_400_000
const start = Date.parse('2026-09-14T08:12:31Z')

test('the next key is published before it signs, and the last one as long as a token of it can live', async () => {
  let now = start
  const keys = await createSigningKeys({ now: () => now, longestLifetimeMs: dayMs })
  const kids = async () => (await keys.published()).map(({ kid }) => kid)
  const first = keys.current().kid
  const [, second] = await kids()
  assert.equal((await kids()).length, 2)

  assert.equal((await keys.roll()).kid, second)
  assert.equal(keys.current().kid, second)
  assert.deepEqual((await kids()).slice(0, 2), [first, second])
  now += dayMs
  assert.ok((await kids()).includes(first))
  now += 1
  assert.ok(!(await kids()).includes(first))
  assert.equal((await kids()).length, 2)
})

test('a key is published with a certificate of its own, whose thumbprint is the kid', async () => {
  const keys = await createSigningKeys({ now: () => start, longestLifetimeMs: dayMs })
  const { kid, n, e, x5c } = keys.current()
  const x509 = new X509Certificate(Buffer.from(x5c, 'base64'))
  const sha1 = Buffer.from(x509.fingerprint.replaceAll(':', ''), 'hex')
  assert.equal(kid, sha1.toString('base64url'))
  assert.ok(x509.verify(x509.publicKey))
  assert.deepEqual(x509.publicKey.export({ format: 'jwk' }), { kty: 'RSA', n, e })
  assert.equal(e, 'AQAB')
  await importJWK({ kty: 'RSA', n, e }, 'RS256')
})

test('rolls that come at once each bring a new key', async () => {
  const keys = await createSigningKeys({ now: () => start, longestLifetimeMs: dayMs })
  const rolled = await Promise.all([keys.roll(), keys.roll()])
  assert.equal(new Set(rolled.map(({ kid }) => kid)).size, 2)
})
