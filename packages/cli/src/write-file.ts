import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { CliError } from './cli-error.ts'

export interface FileToWrite {
  readonly path: string
  readonly text: string
  /** 0o600 for what holds a secret. */
  readonly mode: 0o600 | 0o644
}

/** Replaces or makes a file in one step: whoever reads it sees the old content or the new, never a part. */
export async function replaceFile({ path, text, mode }: FileToWrite): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeNew({ path: temporary, text, mode })
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true })
    throw cannotWrite(path, cause)
  }
}

/** Makes files that must not exist yet: all of them, or none. @throws CliError `ERR_FILE_EXISTS` */
export async function createFiles(files: readonly FileToWrite[]): Promise<void> {
  const made: string[] = []
  try {
    for (const file of files) {
      await writeNew(file)
      made.push(file.path)
    }
  } catch (error) {
    await Promise.all(made.map((path) => rm(path, { force: true })))
    throw error
  }
}

async function writeNew({ path, text, mode }: FileToWrite): Promise<void> {
  let file: FileHandle
  try {
    file = await open(path, 'wx', mode)
  } catch (cause) {
    if (isErrno(cause, 'EEXIST')) {
      throw new CliError('ERR_FILE_EXISTS', `${path} exists`, { hints: ['--force replaces it'] })
    }
    throw cannotWrite(path, cause)
  }
  try {
    await file.writeFile(text)
    await file.sync()
  } catch (cause) {
    await rm(path, { force: true })
    throw cannotWrite(path, cause)
  } finally {
    await file.close()
  }
}

function cannotWrite(path: string, cause: unknown): CliError {
  if (cause instanceof CliError) return cause
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason'
  return new CliError('ERR_FILE_UNWRITABLE', `${path} cannot be written (${reason})`, { cause })
}

export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
