import { CliError, HintedError, UsageError } from '../cli-error.ts'

/** What an error that was thrown on purpose says; a bug is thrown on. */
export function wordsOf(thrown: unknown): { code: string; message: string; hints: string[] } {
  const hints: string[] = []
  let error = thrown
  while (error instanceof HintedError) {
    hints.push(...error.hints)
    error = error.cause
  }
  if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('ERR_')) throw error
  if (error instanceof UsageError) throw error
  if (error instanceof CliError) hints.unshift(...error.hints)
  else if ('hint' in error && typeof error.hint === 'string') hints.unshift(error.hint)
  return { code: String(error.code), message: error.message, hints }
}
