import { defineCommand } from '../../command.ts'
import { callEmulator, listOf } from '../../emulator/connection.ts'
import { emulatorOptions, locateEmulator } from '../../emulator/locate.ts'
import { print } from '../../emulator/print.ts'
import { textOrJson } from '../../output-option.ts'

const options = { ...emulatorOptions, output: textOrJson } as const

export const status = defineCommand({
  summary: 'Say where an emulator runs, what it holds, and what is armed',
  examples: ['x5t emulator status', 'x5t emulator status --json'],
  options,
  async run({ output, ...values }, { io, terminal }) {
    const located = locateEmulator(values, io)
    const [state, weather, clock] = await Promise.all([
      callEmulator(located, 'GET', '/state', ['tenants']),
      callEmulator(located, 'GET', '/weather', ['armed']),
      callEmulator(located, 'GET', '/clock', ['now', 'offsetSeconds']),
    ])
    const tenants = listOf(state, 'tenants')
    const apps = tenants.flatMap((tenant) => listOf(tenant, 'apps'))
    const armed = listOf(weather, 'armed')
    const facts = { url: located.origin, tenants: tenants.length, apps: apps.length, clock, armed }
    print(terminal, output, facts, [
      `${located.origin} answers: ${count(tenants.length, 'tenant')}, ${count(apps.length, 'app')}`,
      `clock ${clock.now}${clock.offsetSeconds === 0 ? '' : ' (moved)'}`,
      armed.length === 0
        ? 'weather clear'
        : `weather ${armed.map(({ id, kind }) => `${id} ${kind}`).join(', ')}`,
    ])
    return 0
  },
})

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`

export const keysRoll = defineCommand({
  summary: 'Let the next signing key of a running emulator sign from now on',
  details: 'The last one stays published as long as a token of it can live.',
  examples: ['x5t emulator keys roll'],
  options,
  async run({ output, ...values }, { io, terminal }) {
    const rolled = await callEmulator(locateEmulator(values, io), 'POST', '/signing-keys/roll', ['kid'])
    print(terminal, output, rolled, [String(rolled.kid)])
    return 0
  },
})
