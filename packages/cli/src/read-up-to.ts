/** What was read, and whether it is all there was. */
export interface Reading {
  readonly bytes: Buffer
  readonly whole: boolean
}

/** The first bytes of a stream, `limit` at most. What follows them is not waited for, and the stream is let go. */
export async function readUpTo(
  input: AsyncIterable<Uint8Array | string> | null,
  limit: number,
): Promise<Reading> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of input ?? nothing()) {
    const bytes = Buffer.from(chunk)
    chunks.push(bytes)
    length += bytes.length
    if (length > limit) break
  }
  return { bytes: Buffer.concat(chunks).subarray(0, limit), whole: length <= limit }
}

async function* nothing() {}
