import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { type DerValue, explicitOf, itemsOf, octetsOf, readDer } from '../../../src/certificate/der.ts'
import { readMaterial } from '../../../src/certificate/read-material.ts'
import { explicit, identifier, integer, octets, sequence } from '../../../src/certificate/write-der.ts'
import { issueChain } from '../../support/issued.ts'
import { folder, openssl, skipWithoutOpenssl } from '../../support/openssl.ts'
import { exportPfx, pfxWithPbmac1, toIndefiniteLengths, withCostlyRounds } from '../../support/pfx.ts'

const passphrase = 'correct horse'

/** Ways to write a PFX: options of `openssl pkcs12 -export`. */
const kinds: [string, string[]][] = [
  ['OpenSSL 3 and Windows 2019: AES-256, SHA-256 MAC', []],
  ['OpenSSL 1 and Windows 2012: RC2-40 certificates, 3DES key, SHA-1 MAC', ['-legacy']],
  ['Windows 2016: 3DES certificates and key', ['-legacy', '-descert']],
  ['RC2-128 certificates', ['-legacy', '-certpbe', 'PBE-SHA1-RC2-128']],
  ['RC2-40 key', ['-legacy', '-keypbe', 'PBE-SHA1-RC2-40']],
  ['two-key 3DES', ['-certpbe', 'PBE-SHA1-2DES', '-keypbe', 'PBE-SHA1-2DES']],
  ['AES-128', ['-certpbe', 'AES-128-CBC', '-keypbe', 'AES-128-CBC']],
  ['AES-192', ['-certpbe', 'AES-192-CBC', '-keypbe', 'AES-192-CBC']],
  ['3DES by PBES2', ['-certpbe', 'DES-EDE3-CBC', '-keypbe', 'DES-EDE3-CBC']],
  ['MD5 and DES by PBES1', ['-legacy', '-certpbe', 'PBE-MD5-DES', '-keypbe', 'PBE-MD5-DES']],
  ['SHA-1 and RC2 by PBES1', ['-legacy', '-certpbe', 'PBE-SHA1-RC2-64', '-keypbe', 'PBE-SHA1-RC2-64']],
  ['MAC over SHA-1', ['-macalg', 'sha1']],
  ['MAC over SHA-224', ['-macalg', 'sha224']],
  ['MAC over SHA-384', ['-macalg', 'sha384']],
  ['MAC over SHA-512', ['-macalg', 'sha512']],
  ['no MAC', ['-nomac']],
  ['no MAC, legacy', ['-legacy', '-nomac']],
  ['certificates in the clear', ['-certpbe', 'NONE']],
  ['key in the clear', ['-keypbe', 'NONE']],
  ['nothing encrypted, MAC only', ['-certpbe', 'NONE', '-keypbe', 'NONE']],
  ['nothing encrypted, no MAC', ['-certpbe', 'NONE', '-keypbe', 'NONE', '-nomac']],
  ['one round', ['-noiter', '-nomaciter']],
  ['100,000 rounds', ['-iter', '100000']],
  ['20,000 rounds, legacy', ['-legacy', '-iter', '20000']],
  ['a friendly name with umlauts', ['-name', 'Zertifikat für Köln']],
]

describe('a PFX', skipWithoutOpenssl, () => {
  let issued: ReturnType<typeof issueChain>
  let expected: string[]
  before(() => {
    issued = issueChain()
    expected = [issued.pem.leaf, issued.pem.intermediate].map(
      (pem) => new X509Certificate(pem).fingerprint256,
    )
  })

  const read = (pfx: Buffer, password: string | undefined) =>
    readMaterial(pfx, { name: 'made.pfx', passphrase: password })

  async function assertOpens(pfx: Buffer, password: string | undefined) {
    const { certificates, keys } = await read(pfx, password)
    assert.deepEqual(certificates.map((x509) => x509.fingerprint256).sort(), expected.sort())
    const [key, ...more] = await Promise.all(keys.map((open) => open()))
    assert.ok(key?.equals(createPrivateKey(issued.pem.key)))
    assert.equal(more.length, 0)
  }

  for (const [kind, options] of kinds) {
    test(`opens: ${kind}`, async () => {
      await assertOpens(exportPfx(issued.files, passphrase, ...options), passphrase)
    })
  }

  for (const [what, password] of [
    ['empty', ''],
    ['not ASCII', 'pässwörd €'],
    ['beyond the basic plane', 'key 🔑'],
    ['of 300 characters', 'x'.repeat(300)],
  ] as const) {
    test(`opens with a passphrase that is ${what}, modern and legacy`, async () => {
      await assertOpens(exportPfx(issued.files, password), password)
      await assertOpens(exportPfx(issued.files, password, '-legacy'), password)
    })
  }

  test('an empty passphrase need not be given', async () => {
    await assertOpens(exportPfx(issued.files, ''), undefined)
    await assertOpens(exportPfx(issued.files, '', '-legacy'), undefined)
  })

  test('opens: BER of indefinite lengths and octet strings in pieces, as streaming writers make it', async () => {
    for (const options of [[], ['-legacy']]) {
      const ber = toIndefiniteLengths(exportPfx(issued.files, passphrase, ...options))
      const file = folder.write('ber.pfx', ber)
      openssl('pkcs12', '-in', file, '-passin', `pass:${passphrase}`, '-noout', ...options)
      await assertOpens(ber, passphrase)
    }
  })

  test('opens: PBMAC1 as in RFC 9579 appendix A.1', async () => {
    await assertOpens(pfxWithPbmac1(exportPfx(issued.files, passphrase, '-nomac'), passphrase), passphrase)
    await assert.rejects(
      read(pfxWithPbmac1(exportPfx(issued.files, passphrase, '-nomac'), 'other'), passphrase),
      {
        code: 'ERR_INPUT_DAMAGED',
      },
    )
  })

  test('opens: bags in a bag', async () => {
    const pfx = exportPfx(issued.files, passphrase, '-certpbe', 'NONE', '-keypbe', 'NONE', '-nomac')
    const dataType = identifier('1.2.840.113549.1.7.1')
    const data = (content: Buffer) => sequence(dataType, explicit(0, octets(content)))
    const dataIn = (info: DerValue | undefined) => octetsOf(explicitOf(itemsOf(info)[1]))
    const nested = itemsOf(readDer(dataIn(itemsOf(readDer(pfx))[1]))).map((safe) =>
      data(sequence(sequence(identifier('1.2.840.113549.1.12.10.1.6'), explicit(0, dataIn(safe))))),
    )
    await assertOpens(sequence(integer(3), data(sequence(...nested))), undefined)
  })

  test('a key for PBMAC1 that is longer than any MAC uses is not made', async () => {
    const pfx = pfxWithPbmac1(exportPfx(issued.files, passphrase, '-nomac'), passphrase)
    const [asked, more] = ['0202080002 0120', '0202080002 017f'].map((hex) =>
      Buffer.from(hex.replace(' ', ''), 'hex'),
    )
    more?.copy(pfx, pfx.indexOf(asked ?? ''))
    await assert.rejects(read(pfx, passphrase), { code: 'ERR_INPUT_DAMAGED', message: /cut short$/ })
  })

  test('a wrong and a missing passphrase are told from each other, whatever is encrypted', async () => {
    for (const options of [[], ['-legacy'], ['-certpbe', 'NONE'], ['-keypbe', 'NONE']]) {
      const pfx = exportPfx(issued.files, passphrase, ...options)
      await assert.rejects(read(pfx, 'wrong'), { code: 'ERR_PASSPHRASE_WRONG' })
      await assert.rejects(read(pfx, undefined), { code: 'ERR_PASSPHRASE_MISSING' })
    }
  })

  test('without a MAC a wrong passphrase is seen by what it does not decrypt', async () => {
    const encryptsCertificates = exportPfx(issued.files, passphrase, '-nomac', '-certpbe', 'AES-256-CBC')
    await assert.rejects(read(encryptsCertificates, 'wrong'), { code: 'ERR_PASSPHRASE_WRONG' })
    const encryptsKey = await read(exportPfx(issued.files, passphrase, '-nomac', '-certpbe', 'NONE'), 'wrong')
    await assert.rejects(async () => encryptsKey.keys[0]?.(), { code: 'ERR_PASSPHRASE_WRONG' })
  })

  test('a MAC that is not that of the content is damage, not a wrong passphrase', async () => {
    for (const options of [[], ['-legacy'], ['-certpbe', 'NONE']]) {
      const pfx = exportPfx(issued.files, passphrase, ...options)
      const mac = pfx.lastIndexOf(octetsOf(itemsOf(itemsOf(itemsOf(readDer(pfx))[2])[0])[1]))
      pfx.writeUInt8(pfx.readUInt8(mac) ^ 1, mac)
      await assert.rejects(read(pfx, passphrase), { code: 'ERR_INPUT_DAMAGED' })
      await assert.rejects(read(pfx, 'wrong'), { code: 'ERR_PASSPHRASE_WRONG' })
    }
  })

  test('a file cut short anywhere is damaged', async () => {
    const pfx = exportPfx(issued.files, passphrase)
    for (const length of [5, 100, 1_000, pfx.length - 1]) {
      await assert.rejects(read(pfx.subarray(0, length), passphrase), { code: 'ERR_INPUT_DAMAGED' })
    }
  })

  test('RC4 is refused by name', async () => {
    const pfx = exportPfx(issued.files, passphrase, '-legacy', '-certpbe', 'PBE-SHA1-RC4-128')
    await assert.rejects(read(pfx, passphrase), {
      code: 'ERR_ENCRYPTION_UNSUPPORTED',
      message: /RC4 \(128 bits\)/,
    })
  })

  test('more rounds than any honest file has are refused before they are done', async () => {
    const costly = withCostlyRounds(exportPfx(issued.files, passphrase, '-iter', '70000'))
    await assert.rejects(read(costly, passphrase), { code: 'ERR_ENCRYPTION_TOO_COSTLY' })
  })

  test('many rounds of the old derivation leave the event loop free', async () => {
    const pfx = exportPfx(issued.files, passphrase, '-legacy', '-iter', '20000')
    let turns = 0
    const count = () => {
      turns++
      timer = setImmediate(count)
    }
    let timer = setImmediate(count)
    await read(pfx, passphrase)
    clearImmediate(timer)
    assert.ok(turns >= 10, `${turns} turns`)
  })
})
