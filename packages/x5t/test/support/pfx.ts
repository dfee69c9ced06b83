import { readFileSync } from 'node:fs'
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

export function octetString(content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0x04, 0x82, content.length >> 8, content.length & 0xff), content])
}
