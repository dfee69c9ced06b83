import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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
  /** As if stdout were a terminal. */
  readonly stdoutIsTTY?: boolean
}

/** A working folder of its own and the command line in it, without a process. */
export function createStage() {
  const folder = mkdtempSync(join(tmpdir(), 'x5t-cli-'))
  const work = join(folder, 'work')
  mkdirSync(work)
  const env = {
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_STATE_HOME: join(folder, 'state'),
  }
  const userConfig = join(env.XDG_CONFIG_HOME, 'x5t', 'config.json')

  function io({ input = '', ...replaced }: StageOptions = {}): Io {
    return {
      stdin: Readable.from([input]),
      stdout: { write: () => {} },
      stderr: { write: () => {} },
      env,
      folder: work,
      homeFolder: () => folder,
      platform: 'linux',
      now: Date.now,
      pause: () => Promise.reject(new Error('the command waited')),
      ask: () => Promise.reject(new Error('a question was asked')),
      untilStopped: () => new Promise<StopSignal>(() => {}),
      style: (_, text) => text,
      ...replaced,
    }
  }

  return {
    folder: work,
    /** Folders of this stage; nothing of the machine. */
    env,
    userConfig,
    io,
    write(name: string, text: string): void {
      writeFileSync(join(work, name), text, { mode: 0o600 })
    },
    writeUserConfig(text: string): void {
      mkdirSync(dirname(userConfig), { recursive: true })
      writeFileSync(userConfig, text)
    },
    read: (name: string): string => readFileSync(join(work, name), 'utf8'),
    files: (): string[] => readdirSync(work).sort(),
    async x5t(
      argv: readonly string[],
      { onOutput, stdoutIsTTY = false, ...options }: StageOptions = {},
    ): Promise<Transcript> {
      const written: Uint8Array[] = []
      let stderr = ''
      const staged = io({
        stdout: {
          isTTY: stdoutIsTTY,
          write: (text) => {
            written.push(typeof text === 'string' ? Buffer.from(text) : text)
            onOutput?.()
          },
        },
        stderr: {
          write: (text) => {
            stderr += text
          },
        },
        ...options,
      })
      const code = await run(argv, staged)
      return { code, stdout: Buffer.concat(written).toString(), stderr }
    },
    /** As new. */
    empty(): void {
      for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true })
      mkdirSync(work)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
