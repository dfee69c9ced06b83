import { crc32, deflateSync } from 'node:zlib'

/** Most colours that a palette has. */
const most = 256

/**
 * A PNG with a palette: a quarter of the size that a screenshot has. Rare colours, which are shades at the edges of
 * letters, become the nearest of the 256 most frequent ones.
 *
 * @param pixels - RGBA, row by row; what is transparent is taken for opaque.
 */
export function indexedPng(pixels: Uint8Array, width: number, height: number): Buffer {
  const counts = new Map<number, number>()
  const colours = new Uint32Array(width * height)
  for (let at = 0; at < colours.length; at += 1) {
    const [r = 0, g = 0, b = 0] = pixels.subarray(4 * at, 4 * at + 3)
    const colour = (r << 16) | (g << 8) | b
    colours[at] = colour
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const palette = [...counts]
    .sort(([c, a], [d, b]) => b - a || c - d)
    .slice(0, most)
    .map(([colour]) => colour)
  const indexes = new Map(palette.map((colour, index) => [colour, index]))
  const rows = Buffer.alloc(height * (width + 1)) // each begins with its filter: none
  colours.forEach((colour, at) => {
    const index = indexes.get(colour) ?? nearest(palette, colour)
    indexes.set(colour, index)
    rows[at + Math.floor(at / width) + 1] = index
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8) // eight bits, a palette, no interlace
  const triples = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  const data = deflateSync(rows, { level: 9, memLevel: 9 })
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', triples),
    chunk('IDAT', data),
    chunk('IEND'),
  ])
}

function chunk(type: string, content: Buffer = Buffer.alloc(0)): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  const named = Buffer.concat([Buffer.from(type), content])
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}

function nearest(palette: readonly number[], colour: number): number {
  const apart = (other: number) =>
    [16, 8, 0].reduce((sum, shift) => sum + (((other >> shift) & 255) - ((colour >> shift) & 255)) ** 2, 0)
  return palette.reduce((best, other, index) => (apart(other) < apart(palette[best] ?? 0) ? index : best), 0)
}
