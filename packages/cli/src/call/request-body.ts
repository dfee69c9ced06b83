import { createReadStream, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { CliError } from '../cli-error.ts'
import type { Io } from '../io.ts'

/** Up to here a file is read whole, so that it can be sent again after a claims challenge; a larger one is streamed. */
const maxWholeBytes = 8 * 1_024 * 1_024
const maxInputBytes = 64 * 1_024 * 1_024

export interface RequestBody {
  readonly make: () => NonNullable<RequestInit['body']>
  readonly contentType: string
  /** Where the body is a stream. */
  readonly contentLength?: number
}

/** @param data - Text, `@FILE`, or `@-` for standard input. Text that is JSON is sent as JSON. */
export async function requestBody(data: string, io: Io): Promise<RequestBody> {
  if (data === '@-') {
    const bytes = await buffer(bounded(io.stdin))
    return { make: () => new Uint8Array(bytes), contentType: typeOf(bytes.toString('utf8')) }
  }
  if (!data.startsWith('@')) return { make: () => data, contentType: typeOf(data) }
  const path = resolve(io.folder, data.slice(1))
  try {
    const { size } = statSync(path)
    const contentType = path.endsWith('.json') ? 'application/json' : 'application/octet-stream'
    if (size <= maxWholeBytes) {
      const bytes = new Uint8Array(await readFile(path))
      return { make: () => bytes, contentType }
    }
    const make = () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array> // the same class under two names
    return { make, contentType, contentLength: size }
  } catch (cause) {
    throw new CliError('ERR_CONFIG_MISSING', `${path} cannot be read`, { cause })
  }
}

function typeOf(text: string): string {
  return /^\s*[[{]/.test(text) ? 'application/json' : 'application/x-www-form-urlencoded'
}

async function* bounded(input: Io['stdin']): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of input) {
    const piece = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    bytes += piece.length
    if (bytes > maxInputBytes) {
      throw new CliError('ERR_CONFIG_INVALID', 'standard input is longer than 64 MiB', {
        hints: ['name a file, which is streamed: --data @FILE'],
      })
    }
    yield piece
  }
}
