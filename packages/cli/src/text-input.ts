import { CliError, UsageError } from './cli-error.ts'
import { decodeText } from './decode-text.ts'
import type { Io } from './io.ts'
import { type Reading, readUpTo } from './read-up-to.ts'

/** Longest text that is read: a log of a day, not a log of a year. */
const maxBytes = 64 * 1_024 * 1_024

/**
 * Where nothing is named and standard input has to do; one who writes `-` has asked for it.
 *
 * @param absence - What a person at a terminal is told is missing.
 * @throws UsageError rather than wait for a person who does not know that something is waited for.
 */
export function assertPiped({ stdin, noInput }: Io, absence: string, hint: string): void {
  if (stdin.isTTY || noInput) throw new UsageError([absence], [hint])
}

/** Standard input, whole. */
export async function readInput(io: Io): Promise<string> {
  return decodeText(wholeOf(await readStdin(io, maxBytes), 'standard input'))
}

/** @throws CliError `ERR_CONFIG_INVALID` where it is no input, as a folder is: `x5t decode < .` */
export async function readStdin({ stdin }: Io, limit: number): Promise<Reading> {
  return readUpTo(stdin, limit).catch((cause: unknown) => {
    throw new CliError('ERR_CONFIG_INVALID', 'standard input cannot be read', { cause })
  })
}

/** @throws UsageError where there was more. */
export function wholeOf({ bytes, whole }: Reading, name: string): Buffer {
  if (whole) return bytes
  throw new UsageError([`${name} is longer than ${bytes.length} bytes`])
}
