import { CliError } from './cli-error.ts'
import { isErrno } from './errno.ts'

/** The error of a file that somebody has named and that cannot be read, by the code that a key file would have. */
export function unreadFile(path: string, cause: unknown): CliError {
  if (isErrno(cause, 'ENOENT', 'ENOTDIR'))
    return new CliError('ERR_FILE_MISSING', `${path} does not exist`, { cause })
  if (isErrno(cause, 'EISDIR'))
    return new CliError('ERR_FILE_IS_DIRECTORY', `${path} is a directory`, { cause })
  return new CliError('ERR_FILE_UNREADABLE', `${path} cannot be read`, { cause })
}
