import { CliError } from '../cli-error.ts'
import { endOf } from '../network/route.ts'
import type { FoundEmulator } from './run-file.ts'

/** What kept an emulator from starting, in words: the port, the folder of its CA, or the seed. */
export function startProblem(
  cause: unknown,
  tried: {
    port: number
    host: string | undefined
    seedPath: string | undefined
    caFolder: string
    known: readonly FoundEmulator[]
  },
): unknown {
  const { port, host, seedPath, caFolder, known } = tried
  const { code, syscall } = errnoOf(cause)
  if (syscall === 'getaddrinfo' || code === 'EADDRNOTAVAIL') {
    return new CliError('ERR_CONFIG_INVALID', `--listen ${host} is no address of this machine`, { cause })
  }
  if (syscall === 'listen') return portProblem(port, known, cause)
  if (syscall !== undefined) {
    const hints = ['XDG_DATA_HOME, or --data, names another folder']
    return new CliError('ERR_FILE_UNWRITABLE', `${caFolder} cannot be written (${code})`, { hints, cause })
  }
  // With a cause it is a sentence of the emulator about the authority it keeps, or else about its data folder.
  if (cause instanceof Error && (cause.cause !== undefined || cause.name === 'DataFolderError')) {
    return new CliError('ERR_CONFIG_INVALID', cause.message, { cause })
  }
  if (cause instanceof TypeError && seedPath !== undefined) {
    return new CliError('ERR_CONFIG_INVALID', `${seedPath}: ${cause.message}`, { cause })
  }
  return cause
}

function portProblem(port: number, known: readonly FoundEmulator[], cause: unknown): CliError {
  const free = 'take a free one: x5t emulator --port 0'
  const { code } = errnoOf(cause)
  if (code !== 'EADDRINUSE')
    return new CliError('ERR_CONFIG_INVALID', `port ${port} cannot be opened (${code})`, {
      hints: [...(code === 'EACCES' ? ['ports below 1024 may take rights that you have not'] : []), free],
      cause,
    })
  const there = known.find(({ url }) => endOf(new URL(url)).port === port)
  if (there === undefined)
    return new CliError('ERR_PORT_IN_USE', `port ${port} is in use`, { hints: [free], cause })
  return new CliError('ERR_PORT_IN_USE', `port ${port} is in use by an x5t emulator`, {
    hints: [`to end it: x5t emulator stop --url ${there.url}`, free],
    cause,
  })
}

/** What the system said, here or in the cause. */
export function errnoOf(error: unknown): { code?: string | undefined; syscall?: string | undefined } {
  if (!(error instanceof Error)) return {}
  return 'syscall' in error ? (error as NodeJS.ErrnoException) : errnoOf(error.cause) // only Node sets it
}
