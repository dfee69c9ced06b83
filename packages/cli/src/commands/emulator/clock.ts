import type { Context } from '../../command.ts'
import { defineCommand } from '../../command.ts'
import { callEmulator } from '../../emulator/connection.ts'
import { type EmulatorValues, emulatorOptions, locateEmulator } from '../../emulator/locate.ts'
import { print } from '../../emulator/print.ts'
import { textOrJson } from '../../output-option.ts'

const options = { ...emulatorOptions, output: textOrJson } as const
const frozen = { type: 'boolean', description: 'it stands still from then on' } as const

export const clockShow = defineCommand({
  summary: 'Show the clock of a running emulator',
  examples: ['x5t emulator clock show'],
  options,
  run: (values, context) => moveAndShow(undefined, values, context),
})

export const clockAdvance = defineCommand({
  summary: 'Move the clock of a running emulator on, or back',
  examples: [
    'x5t emulator clock advance PT5M',
    'x5t emulator clock advance P400D --frozen',
    'x5t emulator clock advance -- -PT1H',
  ],
  options: { frozen, ...options },
  positionals: { duration: { description: 'seconds, or ISO 8601 without years and months: PT5M, P1DT12H' } },
  run: ({ duration, frozen, ...values }, context) => {
    const advance = /^-?\d+(\.\d+)?$/.test(duration) ? Number(duration) : duration
    return moveAndShow({ advance, ...(frozen ? { frozen } : {}) }, values, context)
  },
})

export const clockSet = defineCommand({
  summary: 'Set the clock of a running emulator',
  examples: ['x5t emulator clock set 2030-01-31T12:00:00Z'],
  options: { frozen, ...options },
  positionals: { instant: { description: 'ISO 8601' } },
  run: ({ instant, frozen, ...values }, context) =>
    moveAndShow({ set: instant, ...(frozen ? { frozen } : {}) }, values, context),
})

export const clockReset = defineCommand({
  summary: 'Let the clock of a running emulator follow the machine’s again',
  examples: ['x5t emulator clock reset'],
  options,
  run: (values, context) => moveAndShow({ reset: true }, values, context),
})

async function moveAndShow(
  move: object | undefined,
  { output, ...values }: EmulatorValues & { readonly output: 'text' | 'json' },
  { io, terminal }: Context,
): Promise<0> {
  const clock = await callEmulator(
    locateEmulator(values, io),
    move === undefined ? 'GET' : 'POST',
    '/clock',
    ['now', 'offsetSeconds'],
    move,
  )
  const { now, offsetSeconds } = clock
  print(terminal, output, clock, [
    `${now}${offsetSeconds === 0 ? '' : `, ${offsetSeconds} s from the machine’s`}${clock.frozen ? ', frozen' : ''}`,
  ])
  return 0
}
