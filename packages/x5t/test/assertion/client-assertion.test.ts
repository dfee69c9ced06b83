import assert from 'node:assert/strict'
import { createHash, X509Certificate } from 'node:crypto'
import { before, test } from 'node:test'
import { decodeJwt, decodeProtectedHeader, importX509, jwtVerify } from 'jose'
import jsonwebtoken from 'jsonwebtoken'
import { createClientAssertion } from '../../src/assertion/client-assertion.ts'
import { CertificateError, TransportError } from '../../src/errors.ts'
import type { Signer } from '../../src/signer/signer.ts'
import { newCredential } from '../support/credential.ts'

let credential: Awaited<ReturnType<typeof newCredential>>
before(async () => {
  credential = await newCredential()
})

const now = Date.parse('2026-09-14T08:12:31.900Z')
const audience = 'https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token'
const make = (changes: Partial<Parameters<typeof createClientAssertion>[0]> = {}) =>
  createClientAssertion({ credential, clientId: 'app', audience, now, ...changes })

for (const algorithm of ['PS256', 'RS256'] as const) {
  test(`jose verifies a ${algorithm} assertion by its certificate`, async () => {
    const key = await importX509(credential.certificate.pem, algorithm)
    const { payload } = await jwtVerify(await make({ algorithm }), key, {
      algorithms: [algorithm],
      audience,
      issuer: 'app',
      subject: 'app',
      currentDate: new Date(now),
      clockTolerance: 0,
    })
    assert.equal(payload.nbf, Math.floor(now / 1_000) - 60)
    assert.equal((payload.exp ?? 0) - (payload.nbf ?? 0), 600)
  })

  test(`jsonwebtoken verifies it too (${algorithm})`, async () => {
    const options = { algorithms: [algorithm], audience, clockTimestamp: Math.floor(now / 1_000) }
    jsonwebtoken.verify(await make({ algorithm }), credential.certificate.pem, options)
  })
}

test('PS256 names the certificate by x5t#S256, RS256 by x5t, as hashes of its DER', async () => {
  const { raw } = new X509Certificate(credential.certificate.pem)
  const hash = (name: string) => createHash(name).update(raw).digest('base64url')
  assert.deepEqual(decodeProtectedHeader(await make()), {
    alg: 'PS256',
    typ: 'JWT',
    'x5t#S256': hash('sha256'),
  })
  assert.deepEqual(decodeProtectedHeader(await make({ algorithm: 'RS256' })), {
    alg: 'RS256',
    typ: 'JWT',
    x5t: hash('sha1'),
  })
})

test('a signer that cannot do PSS makes the assertion RS256', async () => {
  const signer = { ...credential.signer, algorithms: ['RS256'] as const }
  assert.equal(decodeProtectedHeader(await make({ credential: { ...credential, signer } })).alg, 'RS256')
})

test('each assertion has its own jti', async () => {
  const ids = await Promise.all(Array.from({ length: 20 }, async () => decodeJwt(await make()).jti))
  assert.equal(new Set(ids).size, 20)
})

test('x5c is the chain in standard base64, leaf first, and only when asked for', async () => {
  assert.equal(decodeProtectedHeader(await make()).x5c, undefined)
  const [leaf] = decodeProtectedHeader(await make({ sendCertificateChain: true })).x5c ?? []
  assert.ok(new X509Certificate(Buffer.from(leaf ?? '', 'base64')).raw.equals(credential.certificate.der))
})

const makeBy = (sign: () => unknown) => {
  const signer = { sign } as Signer // plain JavaScript gives any
  return make({ credential: { ...credential, signer } })
}

const down = new Error('KMS\nis down')
for (const [name, sign, message, cause] of [
  ['rejects', () => Promise.reject(down), /: KMS is down$/, down],
  ['throws a text', () => Promise.reject('locked'), /: locked$/, 'locked'],
  ['gives nothing', async () => undefined, /: The first argument must be /, undefined],
] as const) {
  test(`a signer that ${name} is a CertificateError with the reason as its cause`, async () => {
    const error = await makeBy(sign).catch((thrown: unknown) => thrown)
    assert.ok(error instanceof CertificateError)
    assert.equal(error.code, 'ERR_SIGNER_FAILED')
    assert.match(error.message, message)
    if (cause === undefined) assert.ok(error.cause instanceof TypeError)
    else assert.equal(error.cause, cause)
  })
}

test('an error of ours from a signer stays as it is', async () => {
  const busy = new TransportError('ERR_KEY_VAULT_UNAVAILABLE', 'busy')
  await assert.rejects(
    makeBy(() => Promise.reject(busy)),
    busy,
  )
})
