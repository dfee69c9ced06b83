import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { multipart } from './multipart.ts'

/** Bytes or a Blob, which can be sent again, or a stream that cannot. */
export type RequestBody =
  | { readonly whole: Buffer | Blob; readonly bytes: number; readonly stream?: undefined }
  | {
      readonly whole?: undefined
      /** As the request names it; the stream fails where it has another. */
      readonly bytes: number | undefined
      readonly stream: ReadableStream<Uint8Array>
    }

/** Of a body in several pieces that are all there at once, this much is taken together. */
const maxWholeBytes = 1_048_576

/**
 * What a Request hides: whether its body is text or bytes, which are there at once and go with their length, as not
 * every server takes a chunked one; or a stream, of which no more is taken than is there. A Blob, which may be a file,
 * and a form are not read before they are sent.
 *
 * @param given - The body the request was made of, where that is known.
 * @throws TypeError for a `content-length` that is not the body's: what is left of it would be the next request.
 */
export async function requestBody(
  { body, headers }: Request,
  given?: RequestInit['body'],
): Promise<RequestBody | undefined> {
  if (body === null) return undefined
  const named = headers.get('content-length')
  const whole = given instanceof FormData ? multipart(given, headers.get('content-type')) : given
  if (whole instanceof Blob) return measured(whole, whole.size, named)
  const reader = body.getReader()
  const pieces: Uint8Array[] = []
  let bytes = 0
  let next = reader.read()
  while (!(given instanceof ReadableStream) && (pieces.length < 2 || bytes < maxWholeBytes)) {
    const taken = await Promise.race([next, setImmediate(undefined)])
    if (taken === undefined) break
    if (taken.done) return measured(Buffer.concat(pieces), bytes, named)
    pieces.push(taken.value)
    bytes += taken.value.length
    next = reader.read()
  }
  next.catch(() => {}) // told to whoever reads on
  const stream = readOn(pieces, next, reader, named)
  return { stream, bytes: named === null ? undefined : Number(named) }
}

/** Of a request that is not sent nobody reads the body: who gave a stream learns that, and why. */
export function abandon(
  body: ReadableStream | null | undefined,
  given: RequestInit['body'],
  error: unknown,
): void {
  if (body && !body.locked) body.cancel(error).catch(() => {}) // what it says to that changes nothing
  if (given instanceof Readable) given.destroy() // its iterator, not begun, would end nothing
}

function measured(whole: Buffer | Blob, bytes: number, named: string | null): RequestBody {
  if (named !== null && named !== String(bytes)) throw wrongLength(named, `${bytes}`)
  return { whole, bytes }
}

function wrongLength(named: string, found: string): TypeError {
  return new TypeError(`content-length is ${named}, and the body has ${found} bytes`)
}

/** What was taken of a body, and the rest of it, which is taken as it is read. */
function readOn(
  pieces: Uint8Array[],
  first: ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']>,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  named: string | null,
): ReadableStream<Uint8Array> {
  let bytes = 0
  let next: typeof first | undefined = first
  const take = async () => {
    const value = pieces.shift()
    if (value !== undefined) return { done: false, value } as const
    const taken = await (next ?? reader.read())
    next = undefined
    return taken
  }
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await take()
        bytes += done ? 0 : Buffer.byteLength(value)
        if (named !== null && (done ? String(bytes) !== named : !(bytes <= Number(named)))) {
          const error = wrongLength(named, done ? `${bytes}` : 'more')
          reader.cancel(error).catch(() => {}) // it says no more than that
          throw error
        }
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}
