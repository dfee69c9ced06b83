import { closeSync, openSync, readSync } from 'node:fs'
import { CliError } from './cli-error.ts'

const maxBytes = 1_024 * 1_024

/**
 * The text of a file that lies in the working folder and so may be anybody's: a device that does not end is not read
 * to its end either.
 *
 * @throws CliError `ERR_CONFIG_INVALID` for more than 1 MiB; Node's error where it cannot be read.
 */
export function readSmallFile(path: string): string {
  const file = openSync(path, 'r')
  try {
    return readSmall(file, path).toString('utf8')
  } finally {
    closeSync(file)
  }
}

/**
 * What comes by a file descriptor, which stays open.
 *
 * @param name - Of the file, for the error.
 */
export function readSmall(descriptor: number, name: string): Buffer {
  const content = Buffer.allocUnsafe(maxBytes + 1)
  let length = 0
  for (let read = -1; read !== 0 && length <= maxBytes; length += read) {
    read = readSync(descriptor, content, length, content.length - length, null)
  }
  if (length > maxBytes) throw new CliError('ERR_CONFIG_INVALID', `${name} is longer than 1 MiB`)
  return content.subarray(0, length)
}
