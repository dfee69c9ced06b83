import { UsageError } from './cli-error.ts'
import { type CommandNode, visibleCommands } from './command.ts'
import { nearest } from './nearest.ts'

const emulator: CommandNode = {
  load: async () => (await import('./commands/emulator/emulator.ts')).emulator,
  commands: {
    status: { load: async () => (await import('./commands/emulator/status.ts')).status },
    stop: { load: async () => (await import('./commands/emulator/stop.ts')).stop },
    app: {
      summary: 'Apps of a running emulator',
      commands: {
        add: { load: async () => (await import('./commands/emulator/app.ts')).appAdd },
        list: { load: async () => (await import('./commands/emulator/app.ts')).appList },
      },
    },
    cert: {
      summary: 'Certificates of the apps of a running emulator',
      commands: {
        add: { load: async () => (await import('./commands/emulator/cert.ts')).certAdd },
        list: { load: async () => (await import('./commands/emulator/cert.ts')).certList },
        remove: { load: async () => (await import('./commands/emulator/cert.ts')).certRemove },
      },
    },
    role: {
      summary: 'App roles of the apps of a running emulator',
      commands: { grant: { load: async () => (await import('./commands/emulator/app.ts')).roleGrant } },
    },
    weather: {
      summary: 'Faults of a running emulator',
      commands: {
        add: { load: async () => (await import('./commands/emulator/weather.ts')).weatherAdd },
        list: { load: async () => (await import('./commands/emulator/weather.ts')).weatherList },
        clear: { load: async () => (await import('./commands/emulator/weather.ts')).weatherClear },
      },
    },
    clock: {
      summary: 'The clock of a running emulator',
      commands: {
        show: { load: async () => (await import('./commands/emulator/clock.ts')).clockShow },
        advance: { load: async () => (await import('./commands/emulator/clock.ts')).clockAdvance },
        set: { load: async () => (await import('./commands/emulator/clock.ts')).clockSet },
        reset: { load: async () => (await import('./commands/emulator/clock.ts')).clockReset },
      },
    },
    keys: {
      summary: 'Signing keys of a running emulator',
      commands: { roll: { load: async () => (await import('./commands/emulator/status.ts')).keysRoll } },
    },
  },
}

/** The tree in the order help lists it. Loading on demand keeps start-up near bare Node. */
export const commandTree: CommandNode = {
  commands: {
    init: { load: async () => (await import('./commands/init.ts')).init },
    emulator,
    dev: { ...emulator, hidden: true },
    config: {
      summary: 'Show and change what a client is told: tenant, app, certificate, authority',
      commands: {
        show: { load: async () => (await import('./commands/config-show.ts')).configShow },
        set: { load: async () => (await import('./commands/config-set.ts')).configSet },
        use: { load: async () => (await import('./commands/config-use.ts')).configUse },
        list: { load: async () => (await import('./commands/config-list.ts')).configList },
        path: { load: async () => (await import('./commands/config-path.ts')).configPath },
      },
    },
    token: { load: async () => (await import('./commands/token.ts')).token },
    call: { load: async () => (await import('./commands/call.ts')).call },
    verify: { load: async () => (await import('./commands/verify.ts')).verify },
    decode: { load: async () => (await import('./commands/decode.ts')).decode },
    doctor: { load: async () => (await import('./commands/doctor.ts')).doctor },
    explain: { load: async () => (await import('./commands/explain.ts')).explain },
    cert: {
      summary: 'Make, show, test and convert keys and certificates',
      commands: {
        new: { load: async () => (await import('./commands/cert-new.ts')).certNew },
        convert: { load: async () => (await import('./commands/cert-convert.ts')).certConvert },
        export: { load: async () => (await import('./commands/cert-export.ts')).certExport },
        test: { load: async () => (await import('./commands/cert-test.ts')).certTest },
        due: { load: async () => (await import('./commands/cert-due.ts')).certDue },
        'needs-renewal': {
          hidden: true,
          load: async () => (await import('./commands/cert-due.ts')).certDue,
        },
        show: { load: async () => (await import('./commands/cert-show.ts')).certShow },
        inspect: { hidden: true, load: async () => (await import('./commands/cert-show.ts')).certShow },
      },
    },
    completion: { load: async () => (await import('./commands/completion.ts')).completion },
    login: { hidden: true, load: async () => (await import('./commands/login.ts')).login },
    createKeys: { load: async () => (await import('./commands/create-keys.ts')).createKeys },
    createConfig: { load: async () => (await import('./commands/create-config.ts')).createConfig },
    connectToAzure: { load: async () => (await import('./commands/connect-to-azure.ts')).connectToAzure },
  },
}

/** What the leading words of the arguments name, and what is left for the command to parse. */
export interface Found {
  readonly node: CommandNode
  /** `['cert', 'new']`; empty for `x5t` itself. */
  readonly path: readonly string[]
  readonly rest: readonly string[]
}

/** @throws UsageError for a word that is no command, with the nearest one that is. */
export function findCommand(argv: readonly string[], root: CommandNode = commandTree): Found {
  let node = root
  const path: string[] = []
  for (const word of argv) {
    const child =
      node.commands !== undefined && Object.hasOwn(node.commands, word) ? node.commands[word] : undefined
    if (child === undefined) break
    node = child
    path.push(word)
  }
  const rest = argv.slice(path.length)
  const stray = rest[0]
  // What has commands takes no words of its own.
  if (stray !== undefined && !stray.startsWith('-') && node.commands !== undefined)
    throw unknownWord(stray, node, path)
  return { node, path, rest }
}

function unknownWord(word: string, node: CommandNode, path: readonly string[]): UsageError {
  const parent = ['x5t', ...path].join(' ')
  const guess = nearest(
    word,
    visibleCommands(node).map(([name]) => name),
  )
  return new UsageError(
    [`${parent} has no command "${word}"`],
    [guess === undefined ? `see: ${parent} --help` : `did you mean: ${parent} ${guess}`],
  )
}
