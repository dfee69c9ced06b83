import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, copyFile, link, lstat, open, rename, rm } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { CliError } from './cli-error.ts'
import { isErrno } from './errno.ts'

export interface FileToWrite {
  readonly path: string
  readonly text: string | Uint8Array
  /** 0o600 for what holds a secret. */
  readonly mode: 0o600 | 0o644
}

/**
 * Writes files that belong together. Everything is on the disk under other names before the first gets its own, so
 * that whoever reads sees the old content or the new, never a part.
 *
 * @param replace - False: not one of the files may exist, and on failure none does.
 * @throws CliError `ERR_FILE_EXISTS` or `ERR_FILE_UNWRITABLE`
 */
export async function writeFiles(files: readonly FileToWrite[], replace: boolean): Promise<void> {
  const drafts = files.map((file) => ({ ...file, draft: draftOf(file.path) }))
  const placed: string[] = []
  try {
    for (const { path, draft, text, mode } of drafts) {
      await writeDraft(draft, text, mode).catch(blame(path))
    }
    // before the first file is replaced: a later one that cannot be would leave an old key without its pair
    if (replace) for (const { path } of drafts) await assertReplaceable(path)
    for (const { path, draft } of drafts) {
      await placeDraft(draft, path, replace).catch(blame(path))
      placed.push(path)
    }
  } catch (error) {
    if (!replace) await Promise.all(placed.map((path) => rm(path, { force: true })))
    throw error
  } finally {
    await Promise.all(drafts.map(({ draft }) => rm(draft, { force: true })))
  }
}

/** Asked before work that takes seconds; the write itself refuses once more. @throws CliError `ERR_FILE_EXISTS` */
export async function refuseExisting(paths: readonly string[], hints?: readonly string[]): Promise<void> {
  const answers = await Promise.allSettled(paths.map((path) => access(path)))
  const existing = paths.filter((_, index) => answers[index]?.status === 'fulfilled')
  if (existing.length > 0) throw fileExists(existing, hints)
}

/** In the same folder, for a rename, and with the same ending, so that what ignores `*.pem` ignores a draft too. */
export function draftOf(path: string): string {
  return join(dirname(path), `.${randomUUID()}${extname(path)}`)
}

async function writeDraft(path: string, text: string | Uint8Array, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function assertReplaceable(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined || found.isFile() || found.isSymbolicLink()) return
  throw new CliError('ERR_FILE_UNWRITABLE', `${path} cannot be replaced: it is no file`)
}

/** Gives a draft its name. After a link it still has its own too. */
export function placeDraft(draft: string, path: string, replace: boolean): Promise<void> {
  return replace ? rename(draft, path) : placeNew(draft, path)
}

/** A link, unlike a rename, fails where something is already. Some file systems have none; a copy can refuse as well. */
async function placeNew(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path)
  } catch (error) {
    if (!isErrno(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error
    await copyFile(draft, path, constants.COPYFILE_EXCL)
  }
}

/** Turns what the system says about a path into words about it. */
export function blame(path: string): (cause: unknown) => never {
  return (cause) => {
    if (isErrno(cause, 'EEXIST')) throw fileExists([path])
    const reason = isErrno(cause, 'ENOENT')
      ? `there is no folder ${dirname(path)}`
      : cause instanceof Error && 'code' in cause
        ? cause.code
        : 'unknown reason'
    throw new CliError('ERR_FILE_UNWRITABLE', `${path} cannot be written: ${reason}`, { cause })
  }
}

function fileExists(
  paths: readonly string[],
  hints: readonly string[] = ['nothing was written; --force replaces files'],
): CliError {
  const message = paths.length === 1 ? `${paths[0]} exists` : `${paths.join(' and ')} exist`
  return new CliError('ERR_FILE_EXISTS', message, { hints })
}
