import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DataFolderError } from './data-folder-error.ts'

/*
 * Files that must be whole whatever happens: a write is on the disk when it returns (a lock's need not be), and whoever
 * reads sees the old text or the new one. Synchronous, so that a change and its file cannot be told apart.
 */

/** A folder for its owner alone; one that is there keeps its mode. */
export function makePrivateFolder(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory()) return
  // Not `recursive`: Node then tries without end where a file system takes no folders, as /proc.
  if (found === undefined && dirname(path) !== path) makePrivateFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another emulator may have been faster.
    if (!hasCode(error, 'EEXIST') || !statSync(path).isDirectory()) throw error
  }
}

/** Removes what writes left behind that a crash cut off. Nobody else may be writing there. */
export function removeDrafts(folder: string): void {
  for (const name of readdirSync(folder))
    if (/\.[0-9a-f-]{36}\.tmp$/.test(name)) removeFile(join(folder, name))
}

/** Undefined where there is no such file. @throws DataFolderError for a pipe or a device, whose reading may never end. */
export function readIfThere(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) throw new DataFolderError(`${path} is not a file`)
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** What file systems answer that know no hard links. */
const noLinks = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']

/** Writes a file whole, unless one is there. @returns False where one is. */
export function writeOnce(path: string, text: string, mode: number): boolean {
  return claim(path, text, mode, true)
}

/** As `writeOnce`, for what ends with its process: a lock need not outlive a loss of power, so it waits for no disk. */
export function writeLock(path: string, text: string): boolean {
  return claim(path, text, 0o600, false)
}

function claim(path: string, text: string, mode: number, lasting: boolean): boolean {
  try {
    // A link fails where the name is taken; a rename would not.
    withDraft(path, text, mode, (draft) => linkSync(draft, path), lasting)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    if (!noLinks.some((code) => hasCode(error, code))) throw error
    replaceFile(path, text, mode)
    return true
  }
}

/** Writes a file whole, in place of one that is there. */
export function replaceFile(path: string, text: string, mode: number): void {
  withDraft(path, text, mode, (draft) => renameSync(draft, path))
}

/** Takes a file from everybody but its owner. @returns False where it is not there, or nobody else had it. */
export function closeToOthers(path: string): boolean {
  // Windows shows a mode that says nothing.
  if (process.platform === 'win32') return false
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined || (found.mode & 0o077) === 0) return false
  chmodSync(path, 0o600)
  return true
}

export function removeFile(path: string): void {
  rmSync(path, { force: true })
}

/** @returns False where there was none. */
export function moveFile(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

function withDraft(
  path: string,
  text: string,
  mode: number,
  use: (draft: string) => void,
  lasting = true,
): void {
  const draft = `${path}.${randomUUID()}.tmp`
  try {
    const file = openSync(draft, 'wx', mode)
    try {
      writeFileSync(file, text)
      if (lasting) fsyncSync(file)
    } finally {
      closeSync(file)
    }
    use(draft)
    if (lasting) syncFolder(dirname(path))
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Until then a name may be lost with the power. Windows cannot open folders, and needs it not. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
