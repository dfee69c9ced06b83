import { createHash, randomUUID } from 'node:crypto'
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
  /** How long the holder may have it, which is not how long another would. */
  readonly ttlMs: number
}

/**
 * A lease as a file that one process can make. A holder that died, or whose time is over, is told by its content, and
 * one of those that find out together takes its place.
 *
 * What stands there is replaced or removed only by who has the turn of it: a file of its own for each content, made as
 * a lease is, and taken over as a lease is where its maker died. So nobody acts on what another has changed since it
 * was looked at, however slow; only who is stopped for longer than `ttlMs`, between the last look and a removal, may.
 *
 * @param now - Epoch milliseconds.
 */
export async function leaseFile(path: string, ttlMs: number, now: () => number): Promise<Lease | undefined> {
  const newContent = () =>
    JSON.stringify({ id: randomUUID(), host: hostname(), pid, until: now() + ttlMs, ttlMs } satisfies Holder)

  async function takeOver(place: string, mine: string): Promise<boolean> {
    const found = await contentOf(place)
    if (found === undefined || !(await isOver(place, found, now()))) return false
    const turn = await takeTurn(place, found, mine)
    if (turn === undefined) return false
    await rename(turn, place).catch(unlessAbsent)
    // Whoever was stopped for long may have moved what another put there in the meantime.
    return (await contentOf(place)) === mine
  }

  /** @returns The file that says whose turn it is, while `place` holds what was found there. */
  async function takeTurn(place: string, found: string, mine: string): Promise<string | undefined> {
    const turn = `${place}.${createHash('sha256').update(found).digest('hex').slice(0, 16)}`
    if (!(await create(turn, mine)) && !(await takeOver(turn, mine))) return undefined
    if ((await contentOf(place)) === found) return turn
    await rm(turn, { force: true })
    return undefined
  }

  const content = newContent()
  if (!(await create(path, content)) && !(await takeOver(path, content))) return undefined
  return {
    async release() {
      const turn = await takeTurn(path, content, newContent())
      if (turn === undefined) return
      await rm(path, { force: true })
      await rm(turn, { force: true })
    },
  }
}

/** Written first and then linked, so that nobody sees half of it; where there are no links, made and then written. */
async function create(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}.draft`
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
  return readFile(path, 'utf8').catch(unlessAbsent)
}

function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

/** What cannot be read has a maker that died between two calls, or that lives and is about to write. */
async function isOver(path: string, content: string, now: number): Promise<boolean> {
  const holder = parse(content)
  if (holder === undefined) {
    const made = await stat(path).catch(() => undefined)
    return made !== undefined && Math.abs(now - made.mtimeMs) > brokenMs
  }
  // One that ends later than it could was made before the clock was set back.
  if (now > holder.until || holder.until > now + 2 * holder.ttlMs) return true
  return holder.host === hostname() && !isAlive(holder.pid)
}

function parse(content: string): Holder | undefined {
  try {
    const { id, host, pid, until, ttlMs } = JSON.parse(content)
    const whole = typeof id === 'string' && typeof host === 'string' && Number.isInteger(pid) && pid > 0
    const timed = typeof until === 'number' && typeof ttlMs === 'number'
    return whole && timed ? { id, host, pid, until, ttlMs } : undefined
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
