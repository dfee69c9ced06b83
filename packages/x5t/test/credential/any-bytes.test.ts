import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { generateCertificate } from '../../src/certificate/generate-certificate.ts'
import { loadCertificate } from '../../src/credential/load-certificate.ts'
import { loadCredential } from '../../src/credential/load-credential.ts'
import { X5tError } from '../../src/errors.ts'
import { issueChain } from '../support/issued.ts'
import { skipWithoutOpenssl } from '../support/openssl.ts'
import { exportPfx, toIndefiniteLengths } from '../support/pfx.ts'

const passphrase = 'secret'

/** Loads, or is refused with an error of ours, and in a time that nobody notices. */
async function assertLoadsOrRefuses(content: string | Uint8Array) {
  for (const load of [loadCredential, loadCertificate]) {
    const started = process.cpuUsage()
    const error = await load({ pem: content, passphrase }).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    assert.ok(error === undefined || error instanceof X5tError, String(error))
    assert.ok(process.cpuUsage(started).user < 5_000_000, 'takes too long')
  }
}

describe('whatever the bytes, they load or are refused with a typed error', skipWithoutOpenssl, () => {
  let originals: Record<string, Buffer>
  before(() => {
    const { files, pem } = issueChain()
    const key = createPrivateKey(pem.key)
    const modern = exportPfx(files, passphrase)
    originals = {
      'PEM of all': Buffer.from(pem.key + pem.leaf + pem.intermediate),
      'DER certificate': new X509Certificate(pem.leaf).raw,
      'DER key': key.export({ format: 'der', type: 'pkcs8' }),
      'encrypted DER key': key.export({ format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }),
      'PFX, modern': modern,
      'PFX, BER': toIndefiniteLengths(modern),
      'PFX, legacy': exportPfx(files, passphrase, '-legacy'),
      'PFX, nothing encrypted': exportPfx(files, passphrase, '-certpbe', 'NONE', '-keypbe', 'NONE', '-nomac'),
    }
  })

  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.oneof(fc.constant(1), fc.nat(40)),
    insert: fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 1 }), fc.uint8Array({ maxLength: 40 })),
  })
  const edits = fc.array(edit, { minLength: 1, maxLength: 4 })

  for (const name of [
    'PEM of all',
    'DER certificate',
    'DER key',
    'encrypted DER key',
    'PFX, modern',
    'PFX, BER',
    'PFX, legacy',
    'PFX, nothing encrypted',
  ]) {
    test(`${name}, with bytes changed, removed and put in`, async () => {
      await fc.assert(
        fc.asyncProperty(edits, async (changes) => {
          let bytes = originals[name] ?? Buffer.alloc(0)
          for (const { at, remove, insert } of changes) {
            const start = Math.floor(at * bytes.length)
            bytes = Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start + remove)])
          }
          await assertLoadsOrRefuses(bytes)
        }),
        { numRuns: 60 },
      )
    })
  }

  test('any bytes and any text', async () => {
    const bytes = fc.uint8Array({ maxLength: 500 })
    const sequence = bytes.map((content) =>
      Buffer.concat([Buffer.of(0x30, 0x82, content.length >> 8, content.length & 0xff), content]),
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, sequence, fc.string(), fc.base64String()), assertLoadsOrRefuses),
      { numRuns: 300 },
    )
  })
})

test('a key pair loads in whatever form its text has: line ends, base64 of it, wrapped, quoted', async () => {
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'a' })
  const expected = new X509Certificate(certificatePem).fingerprint256.replaceAll(':', '')
  const lineEnds = fc.constantFrom('\n', '\r\n', '\r', '\\n', '\\r\\n', '\\\\n', ' ', '', '\n    ', ' \t\n')
  const wrapping = fc.record({
    alphabet: fc.constantFrom('base64', 'base64url'),
    width: fc.integer({ min: 1, max: 200 }),
    end: fc.constantFrom('\n', '\r\n', ' ', ''),
  })
  const around = fc.constantFrom('', '"', "'", '\n', ' ', '\uFEFF')
  await fc.assert(
    fc.asyncProperty(
      lineEnds,
      fc.array(wrapping, { maxLength: 2 }),
      around,
      async (end, wrappings, outside) => {
        let content = (privateKeyPem + certificatePem).replaceAll('\n', end)
        for (const { alphabet, width, end: wrapEnd } of wrappings) {
          const encoded = Buffer.from(content).toString(alphabet as BufferEncoding) // one of the two above
          content = encoded.replace(new RegExp(`.{${width}}`, 'g'), `$&${wrapEnd}`)
        }
        const { certificate } = await loadCredential({
          pem: outside + content + outside.replace('\uFEFF', ''),
        })
        assert.equal(certificate.thumbprintSha256Hex, expected)
      },
    ),
    { numRuns: 80 },
  )
})

test('a trust store of many certificates is refused at once', async () => {
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'a' })
  await assertLoadsOrRefuses(privateKeyPem + certificatePem.repeat(800))
})

test('a text of nothing but backslashes is refused at once', async () => {
  await assertLoadsOrRefuses('\\'.repeat(100_000))
})
