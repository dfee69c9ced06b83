import { createHash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { assertRule, code, text } from '../../internal/option-rules.ts'
import type { Store } from '../store.ts'

export interface FileStoreOptions {
  /** Made with mode 0700 when something is kept for the first time. One folder may serve many clients. */
  readonly folder: string
  /** Epoch milliseconds. Default: the wall clock. */
  readonly now?: (() => number) | undefined
}

/** Before the sealed bytes: the end as a big-endian number, so that what has ended is removed without the seal. */
const headerBytes = 8
/** A token with hundreds of roles takes 20 KiB. */
const maxFileBytes = 262_144
/** A draft, or a lease, that is older was left behind by a process that died. */
const abandonedMs = 600_000
/** Longest time to remove one. */
const removalMs = 5_000
/** How many files are looked at for removal when one is written. */
const maxSwept = 200

/**
 * Shares tokens among the processes of one user on one machine, through files with mode 0600. Replaced whole, never in
 * place, so that a reader sees one answer or the one before, and a kill at any moment leaves either.
 *
 * What is damaged, cut short or foreign counts as not there.
 *
 * @throws TypeError for a folder that is no path: a store that cannot be used would be passed over in silence.
 */
export function createFileStore(options: FileStoreOptions): Store {
  const { folder, now = Date.now } = options ?? {}
  assertRule('folder', folder, text)
  assertRule('now', now, code)
  const pathOf = (name: string) => join(folder, createHash('sha256').update(name).digest('hex').slice(0, 40))

  async function removeEnded(): Promise<void> {
    const names = await readdir(folder)
    const start = Math.floor(Math.random() * names.length)
    for (const name of [...names.slice(start), ...names.slice(0, start)].slice(0, maxSwept)) {
      if (/^[0-9a-f]{40}(\.[\w.-]+)?$/.test(name)) await removeIfEnded(join(folder, name))
    }
  }

  return {
    async get(name) {
      const content = await readBounded(`${pathOf(name)}.token`)
      return content === undefined || content.length <= headerBytes
        ? undefined
        : content.subarray(headerBytes)
    },
    async set(name, value, expiresAt) {
      const path = pathOf(name)
      const header = Buffer.alloc(headerBytes)
      header.writeBigUInt64BE(BigInt(Math.max(0, Math.floor(expiresAt))))
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const draft = `${path}.${randomUUID()}`
      try {
        const file = await open(draft, 'wx', 0o600)
        try {
          await file.writeFile(Buffer.concat([header, value]))
        } finally {
          await file.close()
        }
        await rename(draft, `${path}.token`)
      } catch (error) {
        await rm(draft, { force: true })
        throw error
      }
      await removeEnded()
    },
    async lease(name, ttlMs) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const { leaseFile } = await import('./lease-file.ts')
      return leaseFile(`${pathOf(name)}.lease`, ttlMs, now)
    },
  }

  /** What another user left here, or what is no file, stays: tidying must not fail what is kept. */
  async function removeIfEnded(path: string): Promise<void> {
    const ended = await hasEnded(path, now()).catch(() => false)
    if (ended) await (path.endsWith('.lease') ? removeLease(path) : rm(path, { force: true })).catch(() => {})
  }

  /** By who gets it: another may be about to. */
  async function removeLease(path: string): Promise<void> {
    const { leaseFile } = await import('./lease-file.ts')
    await (await leaseFile(path, removalMs, now))?.release()
  }
}

async function hasEnded(path: string, now: number): Promise<boolean> {
  if (!path.endsWith('.token')) {
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }))
    return now - mtimeMs > abandonedMs
  }
  const content = await readBounded(path)
  if (content === undefined) return false
  return content.length < headerBytes || content.readBigUInt64BE() <= now
}

/** A pipe is opened without waiting for who writes into it; Windows has no such flag and no such pipes. */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** @returns `undefined` for what is not there, is no file, or is larger than any token. */
async function readBounded(path: string): Promise<Buffer | undefined> {
  const file = await open(path, openFlags).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
  })
  if (file === undefined) return undefined
  try {
    const found = await file.stat()
    return found.isFile() && found.size <= maxFileBytes ? await file.readFile() : undefined
  } finally {
    await file.close()
  }
}
