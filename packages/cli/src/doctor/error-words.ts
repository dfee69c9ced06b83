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

/** Where a passphrase that does not open comes from, and how `.env` may have cut it. */
export function aboutPassphrase(code: string, from: string | undefined): string[] {
  if (code !== 'ERR_PASSPHRASE_WRONG' || from === undefined) return []
  const cut = from.endsWith('.env') ? ['in .env, a passphrase with # in it goes in single quotes'] : []
  return [`the passphrase is from ${from}`, ...cut]
}
