import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Io, StopSignal } from '../../src/io.ts'
import { run } from '../../src/main.ts'

export interface Transcript {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** What a test replaces in the process around the command. */
interface StageOptions extends Partial<Io> {
  readonly input?: string
  /** Called when something was written to stdout. */
  readonly onOutput?: () => void
}

/** A working folder of its own and the command line in it, without a process. */
export function createStage() {
  const folder = mkdtempSync(join(tmpdir(), 'x5t-cli-'))
  const work = join(folder, 'work')
  mkdirSync(work)
  return {
    folder: work,
    write(name: string, text: string): void {
      writeFileSync(join(work, name), text, { mode: 0o600 })
    },
    read: (name: string): string => readFileSync(join(work, name), 'utf8'),
    files: (): string[] => readdirSync(work).sort(),
    async x5t(
      argv: readonly string[],
      { input = '', onOutput, ...replaced }: StageOptions = {},
    ): Promise<Transcript> {
      let stdout = ''
      let stderr = ''
      const io: Io = {
        stdin: Readable.from([input]),
        stdout: {
          write: (text) => {
            stdout += text
            onOutput?.()
          },
        },
        stderr: {
          write: (text) => {
            stderr += text
          },
        },
        env: { XDG_DATA_HOME: join(folder, 'data') },
        folder: work,
        homeFolder: () => folder,
        platform: 'linux',
        now: Date.now,
        untilStopped: () => new Promise<StopSignal>(() => {}),
        style: (_, text) => text,
        ...replaced,
      }
      const code = await run(argv, io)
      return { code, stdout, stderr }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
