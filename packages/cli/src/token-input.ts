import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { CliError, UsageError } from './cli-error.ts'
import type { Io } from './io.ts'

/**
 * A token from a file or, for `-` or nothing, from standard input. A leading `Bearer` and the newline at the end go.
 *
 * @throws UsageError rather than wait for a person who does not know that something is waited for.
 */
export async function readToken(file: string | undefined, io: Io): Promise<string> {
  if (file === undefined && io.stdin.isTTY) {
    throw new UsageError(['no token'], ['name a file, or pipe one in: x5t token | x5t decode'])
  }
  const content =
    file === undefined || file === '-' ? await text(io.stdin) : readTextFile(resolve(io.folder, file))
  return content.trim().replace(/^(Authorization:\s*)?Bearer\s+/i, '')
}

function readTextFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CliError('ERR_CONFIG_MISSING', `${path} cannot be read`, { cause })
  }
}
