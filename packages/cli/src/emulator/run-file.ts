import { mkdir, rm } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { folderOf } from '../config/folders.ts'
import type { Io } from '../io.ts'
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

const runFile = (io: Io): string => join(folderOf('state', io), 'emulator.json')

/** A running emulator as its file describes it. */
export type FoundEmulator = Pick<RunningEmulator, 'url'> &
  Partial<Pick<RunningEmulator, 'tenantId' | 'appId' | 'caPath' | 'pid'>>

/** The emulator that was started last and has not ended; undefined where there is none, or none that can be read. */
export function readRunFile(io: Io): FoundEmulator | undefined {
  try {
    return parseRunning(JSON.parse(readFoundFile(runFile(io))))
  } catch {
    return undefined
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

export async function writeRunFile(io: Io, running: RunningEmulator): Promise<void> {
  await mkdir(folderOf('state', io), { recursive: true, mode: 0o700 })
  const text = `${JSON.stringify(running, undefined, 2)}\n`
  const { writeFiles } = await import('../write-file.ts')
  await writeFiles([{ path: runFile(io), text, mode: 0o600 }], true)
}

/** Removes the file where it speaks of this emulator; another one may have been started since. */
export async function removeRunFile(io: Io, running: FoundEmulator): Promise<void> {
  if (speaksOf(io, running)) await rm(runFile(io), { force: true })
}

export function speaksOf(io: Io, { url, pid }: FoundEmulator): boolean {
  const found = readRunFile(io)
  return found?.url === url && found.pid === pid
}
