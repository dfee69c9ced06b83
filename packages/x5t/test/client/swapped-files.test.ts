import assert from 'node:assert/strict'
import { verify, X509Certificate } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { generateCertificate } from '../../src/certificate/generate-certificate.ts'
import { createClient } from '../../src/client/client.ts'
import { watchCredential } from '../../src/credential/watch-credential.ts'
import { rsaPadding } from '../../src/signer/rsa-padding.ts'
import { folder } from '../support/openssl.ts'
import { granted, refused, tokenService } from '../support/token-service.ts'

test('certificate files are swapped a hundred times under load, and no call fails', async () => {
  const pairs = [
    await generateCertificate({ commonName: 'one' }),
    await generateCertificate({ commonName: 'two' }),
  ]
  const keys = new Map(
    pairs.map(({ certificatePem }) => {
      const { raw, publicKey } = new X509Certificate(certificatePem)
      return [createThumbprint(raw), publicKey]
    }),
  )
  const signedBy = new Set<string>()
  /** Takes what is really signed by the key that the header names. */
  const service = tokenService(({ form, header }, number) => {
    const thumbprint = String(header['x5t#S256'])
    const [head, claims, signature = ''] = form.get('client_assertion')?.split('.') ?? []
    const key = keys.get(thumbprint)
    const data = Buffer.from(`${head}.${claims}`)
    const isGood =
      key && verify('sha256', data, { key, ...rsaPadding.PS256 }, Buffer.from(signature, 'base64url'))
    signedBy.add(thumbprint)
    return isGood ? granted(`token-${number}`) : refused(401, { error: 'invalid_client' })
  })

  const path = folder.path('swapped.pem')
  const swap = (index: number) => {
    const { privateKeyPem = '', certificatePem = '' } = pairs[index % 2] ?? {}
    const text = privateKeyPem + certificatePem
    // By turns whole and at once, and half now and half later, with callers in between.
    if (index % 3 === 0) writeFileSync(path, text.slice(0, 1_000))
    else {
      writeFileSync(`${path}.new`, text)
      renameSync(`${path}.new`, path)
    }
  }
  swap(1)
  const client = createClient({
    tenant: 'contoso.com',
    clientId: 'app',
    credential: await watchCredential({ path }),
    fetch: service.fetch,
  })
  let calls = 0
  for (let index = 0; index < 100; index++) {
    swap(index)
    await Promise.all(
      Array.from({ length: 5 }, (_, caller) => client.getToken({ scope: `api ${index} ${caller}` })),
    )
    calls += 5
  }
  assert.equal(service.asked.length, calls)
  assert.equal(signedBy.size, 2)
})

function createThumbprint(der: Buffer): string {
  return Buffer.from(new X509Certificate(der).fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')
}
