import { CliError } from './cli-error.ts'
import type { ExitCode } from './exit-code.ts'
import type { Io } from './io.ts'
import { report } from './report.ts'
import { presentationOf } from './terminal.ts'

/** Says that standard output took no more, on the other stream. */
export function sayLost(reason: string | undefined, argv: readonly string[], io: Io): ExitCode {
  const error = new CliError('ERR_FILE_UNWRITABLE', `standard output cannot be written: ${reason}`)
  return report(error, io, presentationOf(argv))
}
