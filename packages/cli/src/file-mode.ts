import { X509Certificate } from 'node:crypto'
import { chmod, readFile, stat } from 'node:fs/promises'
import { CliError } from './cli-error.ts'
import type { Context } from './command.ts'
import { isReadableByOthers } from './exposed-file.ts'
import { shellWord } from './shell-word.ts'

/**
 * Warns of a private key that others can read, or closes its file when told to.
 *
 * @param file - As the user named it.
 * @throws CliError `ERR_FILE_UNWRITABLE` when the file belongs to somebody else.
 */
export async function watchMode(
  { file, path }: { readonly file: string; readonly path: string },
  fix: boolean,
  { io, terminal }: Context,
): Promise<void> {
  if (io.platform === 'win32') {
    // Windows keeps no mode: what it shows says nothing about who may read.
    if (fix) terminal.note(`in Windows: icacls "${file}" /inheritance:r /grant:r "%USERNAME%:F"`)
    return
  }
  const status = await stat(path)
  if (!status.isFile()) return // what came through a pipe is gone, and opening it again would wait
  if (holdsNoKey(await readFile(path))) {
    if (fix) terminal.note(`${file} holds no private key; its mode stays`)
    return
  }
  if (!isReadableByOthers(status)) {
    if (fix) terminal.note(`${file} is closed to other users already`)
    return
  }
  if (!fix) {
    terminal.warn(`other users can read ${file}, which may hold a private key`)
    terminal.note(`mend it with: x5t cert show --fix-mode ${shellWord(file)}`)
    return
  }
  await chmod(path, 0o600).catch((cause: unknown) => {
    throw new CliError('ERR_FILE_UNWRITABLE', `the mode of ${file} cannot be changed`, {
      hints: ['only its owner can; who that is says: ls -l'],
      cause,
    })
  })
  terminal.note(`closed ${file} to other users (0600)`)
}

/** What is neither a request, nor a PEM without keys, nor a DER certificate may hold a key: a PFX, base64 of something. */
function holdsNoKey(content: Buffer): boolean {
  if (content.includes('PRIVATE KEY')) return false
  if (content.includes('CERTIFICATE REQUEST-----')) return true
  try {
    return new X509Certificate(content).raw.length > 0
  } catch {
    return false
  }
}
