import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { pid } from 'node:process'
import type { Lease } from '../store.ts'

/** Who holds a lease, as its file says. */
interface Holder {
  readonly id: string
  readonly host: string
  readonly pid: number
  /** Epoch milliseconds. */
  readonly until: number
}

/**
 * A lease as a file that one process can make. A holder that died, or whose time is over, is told by its content, and
 * one of those that find out together takes its place. Who dies in between those two calls leaves the turn, which
 * nobody takes until the store tidies it away.
 */
export async function leaseFile(path: string, ttlMs: number, now: () => number): Promise<Lease | undefined> {
  const id = randomUUID()
  const holder: Holder = { id, host: hostname(), pid, until: now() + ttlMs }
  const content = JSON.stringify(holder)
  const release = async () => {
    if ((await contentOf(path)) === content) await rm(path, { force: true })
  }
  if (await create(path, content, id)) return { release }
  const found = await contentOf(path)
  if (found === undefined || !(await isOver(path, found, ttlMs, now()))) return undefined
  // One at a time may replace it, and not what another has put there meanwhile; whose turn it is has the file to be.
  const turn = `${path}.turn`
  if (!(await create(turn, content, id))) return undefined
  if ((await contentOf(path)) === found) {
    await rename(turn, path)
    return { release }
  }
  await rm(turn, { force: true })
  return undefined
}

/** Written first and then linked, so that nobody sees half of it; where there are no links, made and then written. */
async function create(path: string, content: string, id: string): Promise<boolean> {
  const draft = `${path}.${id}.draft`
  try {
    await writeFile(draft, content, { flag: 'wx', mode: 0o600 })
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(error.code ?? '')) throw error
      return writeFile(path, content, { flag: 'wx', mode: 0o600 })
    })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false // every error of node:fs is one
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** Longest time between making a file and writing it. */
const brokenMs = 5_000

async function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return undefined
  })
}

/** What cannot be read has a maker that died between two calls, or that lives and is about to write. */
async function isOver(path: string, content: string, ttlMs: number, now: number): Promise<boolean> {
  const holder = parse(content)
  if (holder === undefined) {
    const made = await stat(path).catch(() => undefined)
    return made !== undefined && Math.abs(now - made.mtimeMs) > brokenMs
  }
  if (now > holder.until || holder.until > now + 2 * ttlMs) return true
  return holder.host === hostname() && !isAlive(holder.pid)
}

function parse(content: string): Holder | undefined {
  try {
    const { id, host, pid, until } = JSON.parse(content)
    const whole = typeof id === 'string' && typeof host === 'string' && Number.isInteger(pid) && pid > 0
    return whole && typeof until === 'number' ? { id, host, pid, until } : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // another user's
  }
}
