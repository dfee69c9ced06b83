import { type Duplex, pipeline, type Readable, Transform } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/** More layers than this are nobody's intent. */
const maxCodings = 5

/** As browsers do, what there is of an answer that ends early or is empty is given. */
const gently = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }
const brotli = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
}

/** What undoes a coding, the first step last. */
const decoders: Readonly<Record<string, readonly (() => Duplex)[]>> = {
  gzip: [() => createGunzip(gently)],
  'x-gzip': [() => createGunzip(gently)],
  deflate: [() => createInflate(gently), withHeader],
  br: [() => createBrotliDecompress(brotli)],
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
  if (known.length > maxCodings || !known.every((steps) => steps !== undefined)) return incoming
  return known.flat().reduceRight<Readable>((source, make) => {
    const decoder = make()
    return pipeline(source, decoder, () => {}) // an error is told by what is read
  }, incoming)
}

/**
 * Servers send `deflate` with and without the header of zlib; its low half byte is always 8. The checksum at its end
 * may be missing, as any end.
 */
function withHeader(): Transform {
  let begun = false
  return new Transform({
    transform(chunk: Buffer, _, done) {
      if (!begun && ((chunk[0] ?? 0) & 0x0f) !== 8) this.push(Buffer.of(0x78, 0x9c))
      begun = true
      done(null, chunk)
    },
  })
}
