import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { DataFolderError } from '../file/data-folder-error.ts'
import { moveFile, readIfThere, removeFile, writeLock } from '../file/kept-file.ts'

/** Who holds a folder. A process id alone may be another's after a crash. */
interface Holder {
  readonly pid: number
  /** When it started, in the system's own terms; undefined where the system does not say. */
  readonly started: string | undefined
}

/**
 * One emulator for a folder. A lock whose holder is gone, after `kill -9` or a reboot, is taken over.
 *
 * @returns What gives it back.
 * @throws DataFolderError while another process, or this one, holds it.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock')
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid) })
  // Twice or more, for others may take over at the same moment.
  for (let round = 0; round < 5; round += 1) {
    if (writeLock(path, mine)) return () => removeFile(path)
    const found = readIfThere(path)
    if (found === undefined) continue
    const holder = parseHolder(found)
    if (holder !== undefined && isAlive(holder))
      throw new DataFolderError(
        `${folder} is in use by process ${holder.pid}; end it, or name another folder`,
      )
    const stale = `${path}.${randomUUID()}.tmp`
    if (!moveFile(path, stale)) continue
    // What was moved away may be the fresh lock of somebody who was faster.
    const moved = readIfThere(stale)
    if (moved !== undefined && moved !== found) writeLock(path, moved)
    removeFile(stale)
  }
  throw new DataFolderError(`${folder} is being opened by several processes at once`)
}

function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, started } = JSON.parse(text) as Partial<Record<keyof Holder, unknown>> // as: both are checked below
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return undefined
    return { pid, started: typeof started === 'string' ? started : undefined }
  } catch {
    return undefined // torn by a crash: nobody's
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Not ours to signal, but there.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  const found = lookAt(pid)
  if (found?.ended === true) return false
  return found === undefined || started === undefined || found.started === started
}

const startOf = (pid: number): string | undefined => lookAt(pid)?.started

/** Linux: the boot and the tick at which a process began, and whether it only waits for its parent to take note. */
function lookAt(pid: number): { readonly started: string; readonly ended: boolean } | undefined {
  if (process.platform !== 'linux') return undefined
  const boot = readIfThere('/proc/sys/kernel/random/boot_id')?.trim()
  const stat = readIfThere(`/proc/${pid}/stat`)
  if (boot === undefined || stat === undefined) return undefined
  // The name in the second field may hold spaces and parentheses; behind it stand the state and, 19 further, the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { started: `${boot} ${fields[19]}`, ended: ['Z', 'X'].includes(fields[0] ?? '') }
}
