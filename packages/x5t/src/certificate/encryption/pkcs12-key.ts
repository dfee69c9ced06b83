import { repeatHash } from './repeat-hash.ts'
import type { Unlock } from './unlock.ts'

/** What the octets are for, RFC 7292 appendix B.3. */
export const purpose = { key: 1, iv: 2, mac: 3 } as const

/**
 * The key derivation of PKCS#12, which OpenSSL offers only inside its PKCS#12 reader.
 *
 * @see RFC 7292 appendix B.2, whose letters are kept here: v block bytes, D diversifier, S salt, P password.
 */
export async function derivePkcs12Key(
  options: {
    hash: string
    purpose: number
    salt: Buffer
    rounds: number
    bytes: number
  },
  { password, spend }: Unlock,
): Promise<Buffer> {
  const { hash, rounds, bytes } = options
  const v = /^sha(384|512)/.test(hash) ? 128 : 64
  const D = Buffer.alloc(v, options.purpose)
  const I = Buffer.concat([repeatToBlocks(options.salt, v), repeatToBlocks(password.bmp, v)])
  const parts: Buffer[] = []
  for (let made = 0; made < bytes; ) {
    spend(rounds)
    const A = await repeatHash(hash, Buffer.concat([D, I]), rounds)
    parts.push(A)
    made += A.length
    const B = repeatToBlocks(A, v).subarray(0, v)
    for (let offset = 0; offset < I.length; offset += v) addPlusOne(I.subarray(offset, offset + v), B)
  }
  return Buffer.concat(parts).subarray(0, bytes)
}

/** Copies of the bytes, cut off at the first multiple of `v` that holds one whole copy; nothing stays nothing. */
function repeatToBlocks(bytes: Buffer, v: number): Buffer {
  return Buffer.alloc(v * Math.ceil(bytes.length / v), bytes)
}

/** `target` becomes target + B + 1 modulo its size, big-endian. */
function addPlusOne(target: Buffer, B: Buffer): void {
  let carry = 1
  for (let i = target.length - 1; i >= 0; i--) {
    carry += (target[i] ?? 0) + (B[i] ?? 0)
    target[i] = carry & 0xff
    carry >>= 8
  }
}
