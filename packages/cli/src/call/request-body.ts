import { createReadStream, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { CliError } from '../cli-error.ts'
import type { Io } from '../io.ts'
import { type Reading, readUpTo } from '../read-up-to.ts'
import { readStdin } from '../text-input.ts'
import { unreadFile } from '../unread-file.ts'

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
    const bytes = bodyOf(await readStdin(io, maxInputBytes), 'standard input')
    return { make: () => bytes, contentType: typeOf(Buffer.from(bytes).toString('utf8')) }
  }
  if (!data.startsWith('@')) return { make: () => data, contentType: typeOf(data) }
  const path = resolve(io.folder, data.slice(1))
  try {
    const { size } = statSync(path)
    const contentType = path.endsWith('.json') ? 'application/json' : 'application/octet-stream'
    if (size <= maxWholeBytes) {
      const bytes = bodyOf(await readUpTo(createReadStream(path), maxInputBytes), path) // a pipe has no size, nor has a device
      return { make: () => bytes, contentType }
    }
    const make = () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array> // the same class under two names
    return { make, contentType, contentLength: size }
  } catch (cause) {
    if (cause instanceof CliError) throw cause
    throw unreadFile(path, cause)
  }
}

function bodyOf({ bytes, whole }: Reading, name: string): Uint8Array<ArrayBuffer> {
  if (whole) return new Uint8Array(bytes)
  throw new CliError('ERR_CONFIG_INVALID', `${name} is longer than 64 MiB`, {
    hints: ['name a file on the disk, which is streamed: --data @FILE'],
  })
}

function typeOf(text: string): string {
  return /^\s*[[{]/.test(text) ? 'application/json' : 'application/x-www-form-urlencoded'
}
