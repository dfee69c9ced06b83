import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { CliError } from './cli-error.ts'
import { decodeText } from './decode-text.ts'

const mebibyte = 1_024 * 1_024

/**
 * The text of a file that somebody has named, and so may be a pipe, as of `<(…)`: its writer is waited for. A device
 * that does not end is not read to its end.
 *
 * @param largest - MiB.
 * @throws CliError `ERR_CONFIG_INVALID` for more; Node's error where it cannot be read.
 */
export function readSmallFile(path: string, largest = 1): string {
  const file = openSync(path, 'r')
  try {
    return decodeText(readSmall(file, path, largest))
  } finally {
    closeSync(file)
  }
}

/**
 * The text of a file that lies where it is looked for, as in the working folder, and so may be anybody's: nobody has
 * said that a pipe there will be written to.
 *
 * @throws CliError `ERR_CONFIG_INVALID` for what is no file or too long; Node's error where it cannot be read.
 */
export function readFoundFile(path: string): string {
  // A pipe is opened without waiting for who writes into it; Windows has no such flag and no such pipes.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    if (!fstatSync(file).isFile()) throw new CliError('ERR_CONFIG_INVALID', `${path} is no file`)
    return decodeText(readSmall(file, path))
  } finally {
    closeSync(file)
  }
}

/**
 * What comes by a file descriptor, which stays open.
 *
 * @param name - Of the file, for the error.
 * @param largest - MiB.
 */
export function readSmall(descriptor: number, name: string, largest = 1): Buffer {
  const maxBytes = largest * mebibyte
  const content = Buffer.allocUnsafe(maxBytes + 1)
  let length = 0
  for (let read = -1; read !== 0 && length <= maxBytes; length += read) {
    read = readSync(descriptor, content, length, content.length - length, null)
  }
  if (length > maxBytes) throw new CliError('ERR_CONFIG_INVALID', `${name} is longer than ${largest} MiB`)
  return content.subarray(0, length)
}
