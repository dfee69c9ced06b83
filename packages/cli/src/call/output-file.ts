import { open, rm } from 'node:fs/promises'
import { blame, draftOf, placeDraft } from '../write-file.ts'
import type { ByteWriter } from './byte-writer.ts'

/** A file that appears whole or not at all. */
export interface OutputFile extends ByteWriter {
  /** Gives it its name. @throws CliError `ERR_FILE_EXISTS` or `ERR_FILE_UNWRITABLE` */
  keep(): Promise<void>
  /** Takes away what was written. After `keep` it does nothing. */
  discard(): Promise<void>
}

/** @param replace - False: there must be no such file when it is kept. */
export async function openOutputFile(path: string, replace: boolean): Promise<OutputFile> {
  const draft = draftOf(path)
  const file = await open(draft, 'wx', 0o600).catch(blame(path))
  let closed = false
  const close = async () => {
    if (!closed) await file.close()
    closed = true
  }
  return {
    async write(bytes) {
      await file.appendFile(bytes).catch(blame(path))
      return true
    },
    async keep() {
      await file.sync()
      await close()
      await placeDraft(draft, path, replace).catch(blame(path))
      await rm(draft, { force: true })
    },
    async discard() {
      await close()
      await rm(draft, { force: true })
    },
  }
}
