import { setImmediate } from 'node:timers/promises'
import { multipart } from './multipart.ts'

/** Bytes or a Blob, which can be sent again, or a stream that cannot. */
export type RequestBody =
  | { readonly whole: Buffer | Blob; readonly stream?: undefined }
  | { readonly whole?: undefined; readonly stream: AsyncIterable<Uint8Array> }

/** Of a body in several pieces that are all there at once, this much is taken together. */
const maxWholeBytes = 1_048_576

/**
 * What a Request hides: whether its body is text or bytes, which are there at once and go with their length, as not
 * every server takes a chunked one; or a stream, of which no more is taken than is there. A request that names its
 * length itself is streamed. A Blob, which may be a file, and a form are not read before they are sent.
 *
 * @param given - The body the request was made of, where that is known.
 */
export async function requestBody(
  { body, headers }: Request,
  given?: RequestInit['body'],
): Promise<RequestBody | undefined> {
  if (body === null) return undefined
  const whole = given instanceof FormData ? multipart(given, headers.get('content-type')) : given
  if (whole instanceof Blob) return { whole }
  const reader = body.getReader()
  const pieces: Uint8Array[] = []
  let bytes = 0
  let next = reader.read()
  const streams = headers.has('content-length') || given instanceof ReadableStream
  while (!streams && (pieces.length < 2 || bytes < maxWholeBytes)) {
    const taken = await Promise.race([next, setImmediate(undefined)])
    if (taken === undefined) break
    if (taken.done) return { whole: Buffer.concat(pieces) }
    pieces.push(taken.value)
    bytes += taken.value.length
    next = reader.read()
  }
  next.catch(() => {}) // told to whoever reads on
  return { stream: readOn(pieces, next, reader) }
}

async function* readOn(
  pieces: Uint8Array[],
  first: ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']>,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces.splice(0)
    for (let taken = await first; !taken.done; taken = await reader.read()) yield taken.value
  } finally {
    await reader.cancel()
  }
}
