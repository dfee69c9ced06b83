import { CliError, HintedError } from '../../cli-error.ts'
import { defineCommand } from '../../command.ts'
import { callEmulator } from '../../emulator/connection.ts'
import { caOf } from '../../emulator/locate.ts'
import {
  emulatorsOnFile,
  type FoundEmulator,
  fileOf,
  isAlive,
  livingEmulators,
  removeRunFile,
} from '../../emulator/run-file.ts'
import { isErrno } from '../../errno.ts'
import type { Io } from '../../io.ts'

/** It has nothing to finish but the requests of this moment. */
const patienceMs = 10_000
const pauseMs = 50

export const stop = defineCommand({
  summary: 'End the emulator that runs on this machine',
  details:
    'The one that was started last by x5t emulator and runs still; it returns once that one has ended and its data folder\n' +
    'is free. Where others run it names the next. Where none runs it says so, and exits 0 too.',
  examples: ['x5t emulator stop'],
  options: {},
  async run(_values, { io, terminal }) {
    const known = emulatorsOnFile(io)
    for (const running of known) {
      const asked = isAlive(running) && (await askToStop(running))
      if (!asked) {
        await removeRunFile(io, running)
        continue
      }
      await ended(running, io)
      terminal.note(`the emulator at ${running.url} has ended`)
      const [other] = livingEmulators(io)
      if (other !== undefined)
        terminal.note(`the one at ${other.url} runs still; x5t emulator stop ends that one too`)
      return 0
    }
    const [gone] = known
    terminal.note(
      gone === undefined
        ? 'no emulator is known to run on this machine'
        : `the emulator at ${gone.url} has ended already`,
    )
    return 0
  },
})

/** @returns False where nothing listens any more. */
async function askToStop(running: FoundEmulator): Promise<boolean> {
  try {
    await callEmulator({ origin: running.url, ca: caOf(running) }, 'POST', '/stop', ['status'])
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
