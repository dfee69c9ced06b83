import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import { decodeText } from '../decode-text.ts'
import type { Io } from '../io.ts'
import { type Reading, readUpTo } from '../read-up-to.ts'
import { assertPiped, readStdin, wholeOf } from '../text-input.ts'
import { unreadFile } from '../unread-file.ts'

/** Longest input that is read: a token of the longest kind in UTF-16, with room for what stands around it. */
const maxBytes = 65_536

/**
 * A token from a file or, for `-` or nothing, from standard input. A leading `Bearer` and the newline at the end go.
 *
 * @throws UsageError rather than wait for a person who does not know that something is waited for; CliError
 * `ERR_FILE_MISSING`, `ERR_FILE_IS_DIRECTORY` or `ERR_FILE_UNREADABLE`; `ERR_TOKEN_MALFORMED` where nothing came.
 */
export async function readToken(file: string | undefined, io: Io): Promise<string> {
  if (file === undefined) assertPiped(io, 'no token', 'name a file, or pipe one in: x5t token | x5t decode')
  const isStdin = file === undefined || file === '-'
  const path = isStdin ? 'standard input' : resolve(io.folder, file)
  const reading = await (isStdin ? readStdin(io, maxBytes) : readFile(path))
  const text = decodeText(wholeOf(reading, path)).trim()
  if (text === '') {
    const hints = isStdin ? ['where a command before the pipe failed, its error says why'] : []
    throw new CliError('ERR_TOKEN_MALFORMED', isStdin ? `nothing came on ${path}` : `${path} is empty`, {
      hints,
    })
  }
  return text.replace(/^(Authorization:\s*)?Bearer\s+/i, '')
}

async function readFile(path: string): Promise<Reading> {
  try {
    return await readUpTo(createReadStream(path), maxBytes)
  } catch (cause) {
    throw unreadFile(path, cause)
  }
}
