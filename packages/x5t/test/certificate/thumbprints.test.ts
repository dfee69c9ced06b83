import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { generateCertificate } from '../../src/certificate/generate-certificate.ts'
import { loadCertificate } from '../../src/credential/load-certificate.ts'
import { folder, openssl, skipWithoutOpenssl } from '../support/openssl.ts'

let pem: string
before(async () => {
  pem = (await generateCertificate({ commonName: 'thumbprints' })).certificatePem
})

test(
  'thumbprints are the fingerprints OpenSSL computes, in the spellings of the portal and of the headers',
  skipWithoutOpenssl,
  async () => {
    const path = folder.write('thumbprints.pem', pem)
    const hex = (algorithm: string) =>
      openssl('x509', '-in', path, '-noout', '-fingerprint', `-${algorithm}`)
        .trim()
        .replace(/^.*=/, '')
        .replaceAll(':', '')
    const certificate = await loadCertificate({ path })
    assert.equal(certificate.thumbprintSha1Hex, hex('sha1'))
    assert.equal(certificate.thumbprintSha256Hex, hex('sha256'))
    assert.equal(certificate.thumbprintSha1, Buffer.from(hex('sha1'), 'hex').toString('base64url'))
    assert.equal(certificate.thumbprintSha256, Buffer.from(hex('sha256'), 'hex').toString('base64url'))
  },
)
