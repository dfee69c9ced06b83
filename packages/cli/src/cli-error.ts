/** Codes of errors that the command line itself finds; some are the library's too. Each has an entry in docs/errors.md. */
export type CliErrorCode =
  | 'ERR_USAGE'
  | 'ERR_CONFIG_MISSING'
  | 'ERR_CONFIG_INVALID'
  | 'ERR_FILE_EXISTS'
  | 'ERR_FILE_MISSING'
  | 'ERR_FILE_IS_DIRECTORY'
  | 'ERR_FILE_UNREADABLE'
  | 'ERR_FILE_UNWRITABLE'
  | 'ERR_PORT_IN_USE'
  | 'ERR_NO_ANSWER'
  | 'ERR_TLS_UNTRUSTED'
  | 'ERR_API_REFUSED'
  | 'ERR_API_UNAVAILABLE'
  | 'ERR_EMULATOR_REFUSED'
  | 'ERR_GRAPH_REFUSED'
  | 'ERR_KEY_TRACKED'
  | 'ERR_TOKEN_MALFORMED'
  | 'ERR_INTERRUPTED'

/** An error that the command line found by itself, in the words of a person who can mend it. */
export class CliError extends Error {
  override readonly name: string = 'CliError'
  readonly code: CliErrorCode
  /** One command or one step each. */
  readonly hints: readonly string[]

  constructor(
    code: CliErrorCode,
    message: string,
    options: { hints?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hints = options.hints ?? []
  }
}

/** All that is wrong with the arguments, at once. Exit code 2. */
export class UsageError extends CliError {
  override readonly name = 'UsageError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[], hints: readonly string[] = []) {
    super('ERR_USAGE', problems.join('; '), { hints })
    this.problems = problems
  }
}

/**
 * Another error with words that only the caller knows: which variable named the file, which command comes next.
 * The error itself stays the one that is reported.
 */
export class HintedError extends Error {
  override readonly name = 'HintedError'
  readonly hints: readonly string[]

  constructor(cause: unknown, hints: readonly string[]) {
    super('hinted', { cause })
    this.hints = hints
  }
}
