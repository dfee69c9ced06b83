import { createHmac, pbkdf2Sync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { explicitOf, itemsOf, octetsOf, readDer } from '../../src/certificate/der.ts'
import { explicit, identifier, integer, octets, sequence } from '../../src/certificate/write-der.ts'
import type { Issued } from './issued.ts'
import { folder, openssl } from './openssl.ts'

/** A PFX of leaf, key and intermediate, by OpenSSL; `options` as `openssl pkcs12 -export` takes them. */
export function exportPfx(files: Issued, passphrase: string, ...options: readonly string[]): Buffer {
  const parts = ['-inkey', files.key, '-in', files.leaf, '-certfile', files.intermediate]
  openssl('pkcs12', '-export', ...parts, '-passout', `pass:${passphrase}`, '-out', 'made.pfx', ...options)
  return readFileSync(folder.path('made.pfx'))
}

/**
 * The same value in BER as streaming writers make it: every constructed value of indefinite length, every octet string
 * in pieces. Windows, Firefox and Java write PFX files so.
 */
export function toIndefiniteLengths(der: Buffer): Buffer {
  const out: Buffer[] = []
  for (let offset = 0; offset < der.length; ) {
    const tag = der.readUInt8(offset)
    const first = der.readUInt8(offset + 1)
    const octets = first > 0x80 ? first & 0x7f : 0
    const length = octets === 0 ? first : der.readUIntBE(offset + 2, octets)
    const start = offset + 2 + octets
    const content = der.subarray(start, start + length)
    offset = start + length
    if ((tag & 0x20) !== 0) {
      out.push(Buffer.of(tag, 0x80), toIndefiniteLengths(content), Buffer.of(0, 0))
    } else if (tag === 0x04 && length > 100) {
      const half = length >> 1
      const pieces = [content.subarray(0, half), content.subarray(half)].map(octetString)
      out.push(Buffer.of(0x24, 0x80), ...pieces, Buffer.of(0, 0))
    } else {
      out.push(der.subarray(offset - length - 2 - octets, offset))
    }
  }
  return Buffer.concat(out)
}

function octetString(content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0x04, 0x82, content.length >> 8, content.length & 0xff), content])
}

/** What is in several PFX files in one, without MAC: keystores hold several keys so. */
export function joinPfx(...files: readonly Buffer[]): Buffer {
  const safes = files.map((file) => {
    const [, authenticatedSafe] = itemsOf(readDer(file))
    return readDer(octetsOf(explicitOf(itemsOf(authenticatedSafe)[1]))).content
  })
  const content = explicit(0, octets(sequence(...safes)))
  return sequence(integer(3), sequence(identifier('1.2.840.113549.1.7.1'), content))
}

/** RFC 9579 appendix A.1: the MacData of its example, with the salt and the MAC that belong to this content. */
export function pfxWithPbmac1(pfx: Buffer, password: string): Buffer {
  const [, authenticatedSafe] = itemsOf(readDer(pfx))
  const content = octetsOf(readDer(itemsOf(authenticatedSafe)[1]?.content ?? Buffer.alloc(0)))
  const salt = Buffer.from('6f473c38b02e3173', 'hex')
  const mac = createHmac('sha256', pbkdf2Sync(password, salt, 2048, 32, 'sha256'))
    .update(content)
    .digest()
  const macData = [
    '307c306d304906092a864886f70d01050e303c302c06092a864886f70d01050c301f0408',
    salt.toString('hex'),
    '02020800020120300c06082a864886f70d02090500300c06082a864886f70d020905000420',
    mac.toString('hex'),
    '04084e4f542055534544020101',
  ].join('')
  const inner = Buffer.concat([pfx.subarray(4), Buffer.from(macData, 'hex')])
  return Buffer.concat([Buffer.of(0x30, 0x82, inner.length >> 8, inner.length & 0xff), inner])
}

/** Eight million rounds where OpenSSL was told to do 70,000. */
export function withCostlyRounds(pfx: Buffer): Buffer {
  const inDer = (rounds: string) => Buffer.from(`0203${rounds}`, 'hex').toString('latin1')
  return Buffer.from(pfx.toString('latin1').replaceAll(inDer('011170'), inDer('7fffff')), 'latin1')
}
