import { UsageError } from './cli-error.ts'
import type { Io } from './io.ts'

/** Longest text that is read: a log of a day, not a log of a year. */
const maxBytes = 64 * 1_024 * 1_024

/**
 * Standard input, whole.
 *
 * @param absence - What a person at a terminal is told is missing.
 * @throws UsageError rather than wait for a person who does not know that something is waited for.
 */
export async function readInput(io: Io, absence: string): Promise<string> {
  if (io.stdin.isTTY) throw new UsageError([absence], ['name it, or pipe it in'])
  return (await readBounded(io.stdin, maxBytes, 'standard input')).toString()
}

/** @throws UsageError once there are more bytes than that. */
export async function readBounded(
  input: AsyncIterable<Uint8Array | string>,
  limit: number,
  name: string,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of input) {
    bytes += chunk.length
    if (bytes > limit) throw new UsageError([`${name} is longer than ${limit} bytes`])
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks)
}
