import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import { decodeText } from '../decode-text.ts'
import { whyUnread } from '../errno.ts'
import type { Io } from '../io.ts'
import { type Reading, readUpTo } from '../read-up-to.ts'
import { assertPiped, readStdin, wholeOf } from '../text-input.ts'

/** Longest input that is read: a token of the longest kind in UTF-16, with room for what stands around it. */
const maxBytes = 65_536

/**
 * A token from a file or, for `-` or nothing, from standard input. A leading `Bearer` and the newline at the end go.
 *
 * @throws UsageError rather than wait for a person who does not know that something is waited for; CliError
 * `ERR_CONFIG_MISSING` for a file that cannot be read.
 */
export async function readToken(file: string | undefined, io: Io): Promise<string> {
  if (file === undefined) assertPiped(io, 'no token', 'name a file, or pipe one in: x5t token | x5t decode')
  const isStdin = file === undefined || file === '-'
  const reading = await (isStdin ? readStdin(io, maxBytes) : readFile(resolve(io.folder, file)))
  return decodeText(wholeOf(reading, isStdin ? 'standard input' : resolve(io.folder, file)))
    .trim()
    .replace(/^(Authorization:\s*)?Bearer\s+/i, '')
}

async function readFile(path: string): Promise<Reading> {
  try {
    return await readUpTo(createReadStream(path), maxBytes)
  } catch (cause) {
    throw new CliError('ERR_CONFIG_MISSING', `${path} ${whyUnread(cause)}`, { cause })
  }
}
