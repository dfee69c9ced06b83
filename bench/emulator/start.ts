import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inTurns, type Result } from '../client/clock-work.ts'

const bin = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'x5t.js')

/** Milliseconds from the start of a process to its first word: bare Node, and the emulator with its keys in a folder. */
export async function startMs(): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'x5t-bench-'))
  const emulator = () =>
    firstWord([bin, 'emulator', '--port', '0', '--json', '--data', join(folder, 'data')], folder)
  try {
    await emulator() // makes the keys
    return await inTurns(11, {
      bare: () => firstWord(['-e', 'process.stdout.write("ready")'], folder),
      emulator,
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function firstWord(argv: readonly string[], folder: string): Promise<number> {
  const start = performance.now()
  const child = spawn(process.execPath, argv, {
    env: { PATH: process.env.PATH, HOME: folder },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  const ms = performance.now() - start
  child.kill()
  await ended
  return ms
}
