import { nextTurn } from '../../internal/next-turn.ts'

/** Of ciphertext between two turns of the event loop: a few milliseconds. */
const bytesPerTurn = 8_192

/**
 * Decrypts RC2 in CBC mode and takes off the padding. Here only because the certificate bags of PFX files that Windows
 * and OpenSSL 1 wrote are encrypted so (RC2 with 40 bits), and OpenSSL 3 no longer has it; nothing is written with it.
 *
 * @param effectiveBits - RFC 2268 calls it T1: what the key is worth, 40 for `RC2-40`.
 * @returns undefined when the padding is wrong, that is, with a wrong key.
 * @see RFC 2268
 */
export async function decryptRc2(
  key: Uint8Array,
  effectiveBits: number,
  iv: Uint8Array,
  ciphertext: Uint8Array,
): Promise<Buffer | undefined> {
  const words = expandKey(key, effectiveBits)
  const plaintext = Buffer.alloc(ciphertext.length - (ciphertext.length % 8))
  let previous = iv
  for (let offset = 0; offset < plaintext.length; offset += 8) {
    if (offset > 0 && offset % bytesPerTurn === 0) await nextTurn()
    const block = ciphertext.subarray(offset, offset + 8)
    const decrypted = decryptRc2Block(words, block)
    for (let i = 0; i < 8; i++) plaintext[offset + i] = (decrypted[i] ?? 0) ^ (previous[i] ?? 0)
    previous = block
  }
  return plaintext.length === ciphertext.length ? withoutPadding(plaintext) : undefined
}

/** RFC 2268 section 2: 64 words of key material. */
export function expandKey(key: Uint8Array, effectiveBits: number): Uint16Array {
  const bytes = new Uint8Array(128)
  bytes.set(key.subarray(0, 128))
  for (let i = key.length; i < 128; i++) bytes[i] = pi(at(bytes, i - 1) + at(bytes, i - key.length))
  const effectiveBytes = Math.ceil(effectiveBits / 8)
  bytes[128 - effectiveBytes] = pi(
    at(bytes, 128 - effectiveBytes) & (0xff >> (8 * effectiveBytes - effectiveBits)),
  )
  for (let i = 127 - effectiveBytes; i >= 0; i--)
    bytes[i] = pi(at(bytes, i + 1) ^ at(bytes, i + effectiveBytes))
  return Uint16Array.from({ length: 64 }, (_, i) => at(bytes, 2 * i) | (at(bytes, 2 * i + 1) << 8))
}

/** RFC 2268 section 4: sixteen mixing rounds, backwards, with a mashing round after the fifth and the eleventh. */
export function decryptRc2Block(words: Uint16Array, block: Uint8Array): Buffer {
  const r = Uint16Array.from({ length: 4 }, (_, i) => at(block, 2 * i) | (at(block, 2 * i + 1) << 8))
  for (let round = 15; round >= 0; round--) {
    for (let i = 3; i >= 0; i--) {
      const [a, b, c, d] = [at(r, i), at(r, (i + 3) % 4), at(r, (i + 2) % 4), at(r, (i + 1) % 4)]
      const turn = rotations[i] ?? 0
      const rotated = (a >>> turn) | (a << (16 - turn))
      r[i] = rotated - at(words, 4 * round + i) - (b & c) - (~b & d)
    }
    if (round === 11 || round === 5) {
      for (let i = 3; i >= 0; i--) r[i] = at(r, i) - at(words, at(r, (i + 3) % 4) & 63)
    }
  }
  const decrypted = Buffer.alloc(8)
  r.forEach((word, i) => {
    decrypted.writeUInt16LE(word, 2 * i)
  })
  return decrypted
}

/** RFC 8018 section 6.1.1: as many octets as are missing to a block, each saying how many. */
function withoutPadding(plaintext: Buffer): Buffer | undefined {
  const count = plaintext.at(-1) ?? 0
  const padding = plaintext.subarray(-count)
  const right = count >= 1 && count <= 8 && padding.every((octet) => octet === count)
  return right ? plaintext.subarray(0, -count) : undefined
}

const at = (numbers: Uint8Array | Uint16Array, index: number): number => numbers[index] ?? 0

const rotations = [1, 2, 3, 5]

const pi = (index: number): number => at(piTable, index & 0xff)

/** RFC 2268 section 2, PITABLE: "random" bytes from the digits of pi. */
const piTable = Buffer.from(
  [
    'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2',
    '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82',
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626',
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7',
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec',
    'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731',
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9',
    '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
  ].join(''),
  'hex',
)
