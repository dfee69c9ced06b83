import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'

/** Undefined where there is no such file. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** What file systems answer that know no hard links. */
const noLinks = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']

/** Writes a file whole, unless one is there. @returns False where one is. */
export async function writeOnce(path: string, text: string, mode: number): Promise<boolean> {
  try {
    // A link fails where the name is taken; a rename would not.
    await withDraft(path, text, mode, (draft) => link(draft, path))
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    if (!noLinks.some((code) => hasCode(error, code))) throw error
    await replaceFile(path, text, mode)
    return true
  }
}

/** Writes a file whole, in place of one that is there: readers see the old text or the new one. */
export async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  await withDraft(path, text, mode, (draft) => rename(draft, path))
}

async function withDraft(
  path: string,
  text: string,
  mode: number,
  use: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(draft, text, { mode, flag: 'wx' })
    await use(draft)
  } finally {
    await rm(draft, { force: true })
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
