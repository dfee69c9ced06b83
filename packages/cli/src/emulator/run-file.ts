import { readFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { folderOf } from '../config/folders.ts'
import type { Io } from '../io.ts'
import { writeFiles } from '../write-file.ts'

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

/** The emulator that was started last and has not ended; undefined where there is none, or none that can be read. */
export function readRunFile(io: Io): Partial<RunningEmulator> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(runFile(io), 'utf8'))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

export async function writeRunFile(io: Io, running: RunningEmulator): Promise<void> {
  await mkdir(folderOf('state', io), { recursive: true, mode: 0o700 })
  const text = `${JSON.stringify(running, undefined, 2)}\n`
  await writeFiles([{ path: runFile(io), text, mode: 0o600 }], true)
}

/** Removes the file where it speaks of this emulator; another one may have been started since. */
export async function removeRunFile(io: Io, { url }: RunningEmulator): Promise<void> {
  if (readRunFile(io)?.url === url) await rm(runFile(io), { force: true })
}
