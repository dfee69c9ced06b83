import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { generateCertificate } from '../../src/certificate/generate-certificate.ts'
import { toPem } from '../../src/certificate/pem.ts'
import { explicit, identifier, integer, octets, sequence } from '../../src/certificate/write-der.ts'
import { loadCertificate } from '../../src/credential/load-certificate.ts'
import { loadCredential } from '../../src/credential/load-credential.ts'
import { X5tError } from '../../src/errors.ts'
import { derEdits, editDer } from '../support/edit-der.ts'
import { issueChain } from '../support/issued.ts'
import { skipWithoutOpenssl } from '../support/openssl.ts'
import { exportPfx, pfxWithPbmac1, toIndefiniteLengths } from '../support/pfx.ts'

const passphrase = 'secret'

/**
 * Loads, or is refused with an error of ours, and in a time that nobody notices.
 *
 * @param certificate - For a key: one alone is refused before it is opened.
 */
async function assertLoadsOrRefuses(content: string | Uint8Array, certificate?: string) {
  const pem = certificate === undefined ? content : [content, certificate]
  for (const load of [
    () => loadCredential({ pem, passphrase }),
    () => loadCertificate({ pem: content, passphrase }),
  ]) {
    const started = process.cpuUsage()
    const error = await load().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    assert.ok(error === undefined || error instanceof X5tError, String(error))
    assert.ok(process.cpuUsage(started).user < 5_000_000, 'takes too long')
  }
}

describe('whatever the bytes, they load or are refused with a typed error', skipWithoutOpenssl, () => {
  let originals: Record<string, Buffer>
  let leaf: string
  before(() => {
    const { files, pem } = issueChain()
    leaf = pem.leaf
    const key = createPrivateKey(pem.key)
    const modern = exportPfx(files, passphrase)
    originals = {
      'PEM of all': Buffer.from(pem.key + pem.leaf + pem.intermediate),
      'DER certificate': new X509Certificate(pem.leaf).raw,
      'DER key': key.export({ format: 'der', type: 'pkcs8' }),
      'encrypted DER key': key.export({ format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }),
      'PFX, modern': modern,
      'PFX, BER': toIndefiniteLengths(modern),
      'PFX, PBMAC1': pfxWithPbmac1(exportPfx(files, passphrase, '-nomac'), passphrase),
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
          await assertLoadsOrRefuses(bytes, leaf)
        }),
        { numRuns: 60 },
      )
    })
  }

  for (const name of [
    'DER certificate',
    'DER key',
    'encrypted DER key',
    'PFX, modern',
    'PFX, PBMAC1',
    'PFX, legacy',
    'PFX, nothing encrypted',
  ]) {
    test(`${name}, with values inside changed, removed and doubled, and the lengths set right`, async () => {
      await fc.assert(
        fc.asyncProperty(derEdits, async (changes) => {
          await assertLoadsOrRefuses(changes.reduce(editDer, originals[name] ?? Buffer.alloc(0)), leaf)
        }),
        { numRuns: 120 },
      )
    })
  }

  test('any bytes and any text', async () => {
    const bytes = fc.uint8Array({ maxLength: 500 })
    const sequence = bytes.map((content) =>
      Buffer.concat([Buffer.of(0x30, 0x82, content.length >> 8, content.length & 0xff), content]),
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, sequence, fc.string(), fc.base64String()), (content) =>
        assertLoadsOrRefuses(content),
      ),
      { numRuns: 300 },
    )
  })
})

const wrapping = fc.record({
  alphabet: fc.constantFrom('base64', 'base64url'),
  width: fc.integer({ min: 1, max: 200 }),
  end: fc.constantFrom('\n', '\r\n', ' ', ''),
})
const around = fc.constantFrom('', '"', "'", '\n', ' ', '\uFEFF')

interface Wrapping {
  readonly alphabet: string
  readonly width: number
  readonly end: string
}

function wrap(content: string | Uint8Array, { alphabet, width, end }: Wrapping): string {
  const encoded = Buffer.from(content).toString(alphabet as BufferEncoding) // one of the two above
  return encoded.replace(new RegExp(`.{${width}}`, 'g'), `$&${end}`)
}

test('a key pair loads in whatever form its text has: line ends, base64 of it, wrapped, quoted', async () => {
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'a' })
  const expected = new X509Certificate(certificatePem)
  const lineEnds = fc.constantFrom('\n', '\r\n', '\r', '\\n', '\\r\\n', '\\\\n', ' ', '', '\n    ', ' \t\n')
  const wrappings = fc.array(wrapping, { maxLength: 2 })
  await fc.assert(
    fc.asyncProperty(lineEnds, wrappings, around, async (end, wraps, outside) => {
      const whole = (privateKeyPem + certificatePem).replaceAll('\n', end)
      const pem = outside + wraps.reduce(wrap, whole) + outside.replace('\uFEFF', '')
      assert.deepEqual((await loadCredential({ pem })).certificate.der, expected.raw)

      const [first, ...more] = wraps
      if (first === undefined) return
      // In bytes that are no text, either alphabet shows its own two letters.
      const der = more.reduce(wrap, wrap(expected.raw, first))
      assert.deepEqual((await loadCertificate({ pem: outside + der })).der, expected.raw)
    }),
    { numRuns: 80 },
  )
})

test('a trust store is refused before its certificates are read; the same one a thousand times is one', async () => {
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'a' })
  const { raw } = new X509Certificate(certificatePem)
  const others = Array.from({ length: 32 }, (_, i) => {
    const other = Buffer.from(raw)
    other[other.length - 1] = i // of the signature; another certificate
    return toPem('CERTIFICATE', other)
  })
  const tooMany = { code: 'ERR_CERT_AMBIGUOUS', message: /holds more than 32 keys and certificates$/ }
  await assert.rejects(loadCredential({ pem: privateKeyPem + others.join('') }), tooMany)
  const safe = others.map((pem) => certificateBag(new X509Certificate(pem).raw))
  await assert.rejects(loadCertificate({ pfx: pfxOf(...safe, certificateBag(raw)) }), tooMany)
  await loadCredential({ pem: privateKeyPem + certificatePem.repeat(700) })
})

test('thousands of keys are not opened', async () => {
  // Elliptic curve keys without their public half take milliseconds each: it is computed.
  const algorithm = sequence(identifier('1.2.840.10045.2.1'), identifier('1.3.132.0.35'))
  const keys = Array.from({ length: 2_000 }, (_, i) => {
    const key = sequence(integer(1), octets(Buffer.alloc(66, Buffer.of(0, i >> 8, i & 0xff))))
    return toPem('PRIVATE KEY', sequence(integer(0), algorithm, octets(key)))
  })
  const { certificatePem } = await generateCertificate({ commonName: 'a' })
  await assertLoadsOrRefuses(certificatePem + keys.join(''))
})

test('a text of nothing but backslashes is refused at once', async () => {
  await assertLoadsOrRefuses('\\'.repeat(100_000))
})

/** A PFX in which nothing is encrypted, without MAC. */
function pfxOf(...bags: Buffer[]): Buffer {
  const data = (content: Buffer) => sequence(identifier('1.2.840.113549.1.7.1'), explicit(0, octets(content)))
  return sequence(integer(3), data(sequence(data(sequence(...bags)))))
}

function certificateBag(der: Uint8Array): Buffer {
  const x509 = sequence(identifier('1.2.840.113549.1.9.22.1'), explicit(0, octets(der)))
  return sequence(identifier('1.2.840.113549.1.12.10.1.3'), explicit(0, x509))
}
