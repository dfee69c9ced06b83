import { Duplex, pipeline, type Readable } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib'

/** More layers than this are nobody's intent. */
const maxCodings = 5

/** As browsers do, what there is of an answer that ends early or is empty is given. */
const gently = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }
const brotli = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
}

const decoders: Readonly<Record<string, () => Duplex>> = {
  gzip: () => createGunzip(gently),
  'x-gzip': () => createGunzip(gently),
  deflate: inflated,
  br: () => createBrotliDecompress(brotli),
}

/**
 * An answer without its content codings; one with a coding that is not known is given as it came.
 *
 * @see RFC 9110 section 8.4
 */
export function decoded(incoming: Readable, contentEncoding: string | undefined): Readable {
  const codings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
  const known = codings.map((coding) => (Object.hasOwn(decoders, coding) ? decoders[coding] : undefined))
  if (known.length > maxCodings || !known.every((make) => make !== undefined)) return incoming
  return known.reduceRight<Readable>((source, make) => {
    const decoder = make()
    return pipeline(source, decoder, () => {}) // an error is told by what is read
  }, incoming)
}

/** Servers send `deflate` with and without the header of zlib; its low half byte is always 8. */
function inflated(): Duplex {
  let inflate: ReturnType<typeof begin> | undefined
  const begin = (first = 0) =>
    ((first & 0x0f) === 8 ? createInflate(gently) : createInflateRaw(gently))
      .on('data', (chunk) => whole.push(chunk) || inflate?.pause())
      .on('end', () => whole.push(null))
      .on('error', (error) => whole.destroy(error))
  const whole = new Duplex({
    write(chunk: Buffer, _, done) {
      inflate ??= begin(chunk[0])
      inflate.write(chunk, done)
    },
    final(done) {
      inflate ??= begin()
      inflate.end(done)
    },
    read: () => inflate?.resume(),
    destroy(error, done) {
      inflate?.destroy()
      done(error)
    },
  })
  return whole
}
