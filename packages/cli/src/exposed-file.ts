import { statSync } from 'node:fs'
import type { Context } from './command.ts'
import type { Io } from './io.ts'
import { shellWord } from './shell-word.ts'

/**
 * True for a file that its group or others may read. A pipe or a device keeps nothing that could be read, and Windows
 * has no modes.
 */
export function isExposed(path: string, { platform }: Pick<Io, 'platform'>): boolean {
  if (platform === 'win32') return false
  const status = statSync(path, { throwIfNoEntry: false })
  return status?.isFile() === true && isReadableByOthers(status)
}

/** By the mode of a file; `x5t` judges key files by the same bits. */
export function isReadableByOthers({ mode }: { readonly mode: number }): boolean {
  return (mode & 0o044) !== 0
}

/**
 * Warns of a file with a secret, as the library does of a key file.
 *
 * @param what - `passphrase file`.
 * @param file - As the user named it.
 */
export function warnIfExposed(
  what: string,
  { file, path }: { readonly file: string; readonly path: string },
  { io, terminal }: Pick<Context, 'io' | 'terminal'>,
): void {
  if (!isExposed(path, io)) return
  terminal.warn(`${what} ${file} can be read by other users; mend it with: chmod 600 ${shellWord(file)}`)
}
