import { CliError, HintedError } from '../../cli-error.ts'
import { readCa } from '../../client.ts'
import { type Context, defineCommand } from '../../command.ts'
import { resolveSettings, type Settings } from '../../config/resolve-settings.ts'
import { callEmulator } from '../../emulator/connection.ts'
import { caOf, emulatorOptions, namedEmulator } from '../../emulator/locate.ts'
import {
  emulatorsOnFile,
  type FoundEmulator,
  fileOf,
  foundAt,
  isAlive,
  livingEmulators,
  removeRunFile,
} from '../../emulator/run-file.ts'
import { isErrno } from '../../errno.ts'
import type { Io } from '../../io.ts'
import { isLoopback } from '../../token-url.ts'

/** It has nothing to finish but the requests of this moment. */
const patienceMs = 10_000
const pauseMs = 50

export const stop = defineCommand({
  summary: 'End an emulator that runs on this machine',
  details:
    'Without --url it is the one at the configured address, and where no emulator is configured the one that was started\n' +
    'last. It returns once that one has ended and its data folder is free. Where others run it names the next. Where none\n' +
    'runs it says so, and exits 0 too.',
  examples: ['x5t emulator stop', 'x5t emulator stop --url https://localhost:8444'],
  options: emulatorOptions,
  async run(values, { io, terminal }) {
    const settings = resolveSettings(values, io)
    const ca = readCa(settings)
    const candidates = findCandidates(namedEmulator(values.url, io), settings, io)
    for (const running of candidates) {
      const asked = isAlive(running) && (await askToStop(running, ca))
      if (!asked) {
        await removeRunFile(io, running)
        continue
      }
      await ended(running, io)
      terminal.note(`the emulator at ${running.url} has ended`)
      sayOther(io, terminal)
      return 0
    }
    const [gone] = candidates
    terminal.note(
      gone === undefined ? 'no emulator is known to run on this machine' : `no emulator runs at ${gone.url}`,
    )
    sayOther(io, terminal)
    return 0
  },
})

/** The one that is named, or else configured, alone; where none is, all, the newest first. */
function findCandidates(
  named: string | undefined,
  { values: { authority } }: Settings,
  io: Io,
): readonly FoundEmulator[] {
  const configured = authority && isLoopback(new URL(authority.value)) ? authority.value : undefined
  const url = named ?? configured
  const known = emulatorsOnFile(io)
  if (url === undefined) return known
  return [foundAt(new URL(url), known) ?? { url }]
}

function sayOther(io: Io, terminal: Context['terminal']): void {
  const [other] = livingEmulators(io)
  if (other !== undefined)
    terminal.note(`another runs at ${other.url}; to end it: x5t emulator stop --url ${other.url}`)
}

/** @returns False where nothing listens any more. */
async function askToStop(running: FoundEmulator, ca: string | undefined): Promise<boolean> {
  try {
    await callEmulator({ origin: running.url, ca: ca ?? caOf(running) }, 'POST', '/stop', ['status'])
    return true
  } catch (error) {
    if (error instanceof CliError && isErrno(error.cause, 'ECONNREFUSED')) return false
    throw running.pid === undefined
      ? error
      : new HintedError(error, [`or end process ${running.pid} yourself`])
  }
}

/** Its run file is the last thing that an emulator removes; one that is killed meanwhile leaves it. */
async function ended(running: FoundEmulator, io: Io): Promise<void> {
  for (let waitedMs = 0; fileOf(io, running) !== undefined; waitedMs += pauseMs) {
    if (!isAlive(running)) return removeRunFile(io, running)
    if (waitedMs >= patienceMs)
      throw new CliError('ERR_NO_ANSWER', `the emulator at ${running.url} has not ended within 10 s`, {
        hints: running.pid === undefined ? [] : [`end process ${running.pid} yourself`],
      })
    await io.pause(pauseMs)
  }
}
