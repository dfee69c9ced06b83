import { UsageError } from '../../cli-error.ts'
import { defineCommand } from '../../command.ts'
import { type Answer, callEmulator, listOf } from '../../emulator/connection.ts'
import { emulatorOptions, locateEmulator } from '../../emulator/locate.ts'
import { columns, print } from '../../emulator/print.ts'
import { textOrJson } from '../../output-option.ts'

/** Options of a fault, and the member of its JSON that each is. All of them are optional; the emulator knows which fit. */
const faultOptions = {
  tenant: text('tenant', 'TENANT', 'only requests to this tenant, an id or a domain'),
  app: text('appId', 'ID', 'only requests of this client'),
  endpoint: text('endpoint', 'PART', 'only this part: token, token/v1, token/v2, discovery, keys or graph'),
  count: number('count', 'requests until it is spent'),
  probability: number('probability', 'of meeting a request, 0 to 1'),
  seed: number('seed', 'of the chance: the same one meets the same requests'),
  ms: number('ms', 'latency: milliseconds'),
  seconds: number('seconds', 'date-skew, propagation, removal: how far, how long'),
  'retry-after': number('retryAfterSeconds', 'throttling, outage: seconds'),
  'retry-after-form': text('retryAfterForm', 'FORM', 'throttling: seconds or date'),
  status: number('status', 'outage: 500, 502, 503 or 504'),
  body: text('body', 'FORM', 'outage: html, empty or json'),
  at: text('at', 'PLACE', 'reset: headers or body'),
  'bytes-per-second': number('bytesPerSecond', 'slowness'),
  'content-type': text('contentType', 'TYPE', 'content-type'),
} as const

function text(member: string, value: string, description: string) {
  return { type: 'string', value, description, member, read: String } as const
}

function number(member: string, description: string) {
  return { type: 'string', value: 'N', description, member, read: Number } as const
}

export const weatherAdd = defineCommand({
  summary: 'Arm a fault of a running emulator',
  details:
    'Kinds: latency, throttling, outage, reset, html, empty, truncation, content-type, slowness, date-skew,\n' +
    'propagation (of new certificates), removal (of old ones), stale-keys. docs/emulator.md says what each does.',
  examples: [
    'x5t emulator weather add throttling --count 2 --retry-after 3',
    'x5t emulator weather add propagation --seconds 60 --app 6731de76-…',
    'x5t emulator weather add date-skew --seconds=-600',
  ],
  options: { ...faultOptions, ...emulatorOptions, output: textOrJson },
  positionals: { kind: { description: 'what happens' } },
  check: (values) => numberProblems(values),
  async run({ kind, output, ...values }, { io, terminal }) {
    const given: Readonly<Record<string, unknown>> = values
    const members = Object.entries(faultOptions)
      .filter(([name]) => given[name] !== undefined)
      .map(([name, { member, read }]) => [member, read(given[name])])
    const fault = { ...Object.fromEntries(members), kind }
    const armed = await callEmulator(locateEmulator(values, io), 'POST', '/weather', ['id'], fault)
    print(terminal, output, armed, [String(armed.id)])
    terminal.note(`next: x5t emulator weather clear ${armed.id}`)
    return 0
  },
})

function numberProblems(values: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(faultOptions)
    .filter(([name, { read }]) => read === Number && !/^-?\d*\.?\d+$/.test(String(values[name] ?? 0)))
    .map(([name]) => `--${name} takes a number`)
}

export const weatherList = defineCommand({
  summary: 'List the armed faults of a running emulator',
  examples: ['x5t emulator weather list', 'x5t emulator weather list --json'],
  options: { ...emulatorOptions, output: textOrJson },
  async run({ output, ...values }, { io, terminal }) {
    const weather = await callEmulator(locateEmulator(values, io), 'GET', '/weather', ['armed'])
    const rows = listOf(weather, 'armed').map((fault) => [
      fault.id,
      fault.kind,
      fault.hits,
      fault.remaining ?? 'until cleared',
      scopeOf(fault),
    ])
    const lines =
      rows.length === 0 ? ['nothing is armed'] : columns([['ID', 'KIND', 'HITS', 'LEFT', 'SCOPE'], ...rows])
    print(terminal, output, weather, lines)
    return 0
  },
})

function scopeOf({ tenant, appId, endpoint, probability }: Answer): string {
  const parts = { tenant, app: appId, endpoint, probability: probability === 1 ? undefined : probability }
  const said = Object.entries(parts).filter(([, value]) => value !== undefined)
  return said.length === 0 ? 'all requests' : said.map(([name, value]) => `${name} ${value}`).join(', ')
}

export const weatherClear = defineCommand({
  summary: 'Clear one fault of a running emulator, or all',
  examples: ['x5t emulator weather clear w1', 'x5t emulator weather clear --all'],
  options: { all: { type: 'boolean', description: 'every one that is armed' }, ...emulatorOptions },
  positionals: { id: { description: 'as weather list shows it', optional: true } },
  async run({ id, all, ...values }, { io, terminal }) {
    if ((id === undefined) !== all) throw new UsageError(['name one fault, or say --all'])
    const path = id === undefined ? '/weather' : `/weather/${encodeURIComponent(id)}`
    await callEmulator(locateEmulator(values, io), 'DELETE', path, [])
    terminal.note(id === undefined ? 'nothing is armed any more' : `cleared ${id}`)
    return 0
  },
})
