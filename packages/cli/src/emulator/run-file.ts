import { readdirSync, statSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { folderOf } from '../config/folders.ts'
import { isErrno } from '../errno.ts'
import type { Io } from '../io.ts'
import { endOf } from '../network/route.ts'
import { readFoundFile } from '../small-file.ts'
import { isLoopback } from '../token-url.ts'

/** What a running emulator tells whoever looks for it on this machine, and its starter as one line. */
export interface RunningEmulator {
  readonly url: string
  readonly port: number
  readonly tenantId: string
  /** The first app of the first tenant; empty where there is none. */
  readonly appId: string
  /** Of the certificate authority, absolute; undefined over http. */
  readonly caPath?: string | undefined
  /** Absolute; undefined where nothing is kept. */
  readonly dataFolder?: string | undefined
  readonly pid: number
}

/** A running emulator as its file describes it. */
export type FoundEmulator = Pick<RunningEmulator, 'url'> &
  Partial<Pick<RunningEmulator, 'tenantId' | 'appId' | 'caPath' | 'pid'>>

/** Emulators that were started and have not ended, the newest first. */
export function livingEmulators(io: Io): readonly FoundEmulator[] {
  return emulatorsOnFile(io).filter(isAlive)
}

/** Those that were killed are among them, for they leave their files. */
export function emulatorsOnFile(io: Io): readonly FoundEmulator[] {
  return runFiles(io).map(({ found }) => found)
}

/** The one that an address of this machine leads to, whichever name of the machine it has. */
export function foundAt(url: URL, emulators: readonly FoundEmulator[]): FoundEmulator | undefined {
  if (!isLoopback(url)) return undefined
  return emulators.find((one) => endOf(new URL(one.url)).port === endOf(url).port)
}

/** True where the file names no process; the address will tell. */
export function isAlive({ pid }: FoundEmulator): boolean {
  if (pid === undefined) return true
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return isErrno(error, 'EPERM') // there, and not ours
  }
}

/** One file per port, the newest first; what cannot be read or believed is none. */
function runFiles(io: Io) {
  const folder = folderOf('state', io)
  return namesIn(folder)
    .filter((name) => /^emulator-\d+\.json$/.test(name))
    .flatMap((name) => {
      const path = join(folder, name)
      try {
        const found = parseRunning(JSON.parse(readFoundFile(path)))
        return found === undefined ? [] : [{ path, found, writtenAt: statSync(path).mtimeMs }]
      } catch {
        return []
      }
    })
    .sort((one, other) => other.writtenAt - one.writtenAt)
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Whoever finds an emulator by this file sends certificates there, and assertions later: only to this machine. */
function parseRunning(value: Readonly<Record<string, unknown>> | null): FoundEmulator | undefined {
  const { url, tenantId, appId, caPath, pid } = value ?? {}
  const address = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined
  if (address === undefined || address.origin !== url || !isLoopback(address)) return undefined
  if (!['http:', 'https:'].includes(address.protocol)) return undefined
  return {
    url,
    ...(typeof tenantId === 'string' ? { tenantId } : {}),
    ...(typeof appId === 'string' ? { appId } : {}),
    ...(typeof caPath === 'string' && isAbsolute(caPath) ? { caPath } : {}),
    // 0 and what is below mean a group of processes.
    ...(Number.isSafeInteger(pid) && Number(pid) > 0 ? { pid: Number(pid) } : {}),
  }
}

/** Files of emulators that were killed go on this occasion. */
export async function writeRunFile(io: Io, running: RunningEmulator): Promise<void> {
  const folder = folderOf('state', io)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const dead of emulatorsOnFile(io).filter((one) => !isAlive(one))) await removeRunFile(io, dead)
  const path = join(folder, `emulator-${running.port}.json`)
  const text = `${JSON.stringify(running, undefined, 2)}\n`
  const { writeFiles } = await import('../write-file.ts')
  await writeFiles([{ path, text, mode: 0o600 }], true)
}

/** Removes the file that speaks of this emulator; another one may have taken its port since. */
export async function removeRunFile(io: Io, running: FoundEmulator): Promise<void> {
  const path = fileOf(io, running)
  if (path !== undefined) await rm(path, { force: true })
}

export function fileOf(io: Io, { url, pid }: FoundEmulator): string | undefined {
  return runFiles(io).find(({ found }) => found.url === url && found.pid === pid)?.path
}
