import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Emulator, Seed } from '@x5t/emulator'
import { CliError } from '../../cli-error.ts'
import { defineCommand } from '../../command.ts'
import { folderOf } from '../../config/folders.ts'
import {
  livingEmulators,
  type RunningEmulator,
  removeRunFile,
  writeRunFile,
} from '../../emulator/run-file.ts'
import { errnoOf, startProblem } from '../../emulator/start-problem.ts'
import { readSmallFile } from '../../small-file.ts'
import { isLoopback } from '../../token-url.ts'
import { unreadFile } from '../../unread-file.ts'

export const emulator = defineCommand({
  summary: 'Run a local Entra in the foreground and print the .env lines that point at it',
  details:
    'It listens on loopback, over https with a certificate authority of its own, which is made at first start and kept.\n' +
    'What is registered lives in memory and ends with it, unless --data names a folder that keeps it.',
  examples: ['x5t emulator', 'x5t emulator --port 0 --output json', 'x5t emulator cert add public.pem'],
  options: {
    port: {
      type: 'integer',
      value: 'N',
      minimum: 0,
      maximum: 65_535,
      default: 8443,
      description: '0 for a free one',
    },
    http: { type: 'boolean', description: 'plain http, for clients that allow it' },
    listen: {
      type: 'string',
      value: 'ADDRESS',
      description: 'another address than 127.0.0.1; one that others reach needs --allow-remote too',
    },
    'allow-remote': { type: 'boolean', description: 'others may reach it, and change it' },
    seed: {
      type: 'string',
      value: 'FILE',
      description: 'JSON of tenants and apps to start with; see docs/emulator.md',
    },
    data: {
      type: 'string',
      value: 'FOLDER',
      description: 'keeps everything from one start to the next, signing keys and CA too',
    },
    output: {
      type: 'string',
      value: 'FORM',
      choices: ['env', 'json'],
      default: 'env',
      description: 'what is printed when it is ready',
    },
  },
  check: ({ listen, 'allow-remote': allowRemote }) =>
    isLocal(listen) === !allowRemote
      ? []
      : [
          allowRemote
            ? '--allow-remote needs --listen with an address that others reach'
            : `--listen ${listen} lets others reach the emulator and change it; say --allow-remote too`,
        ],
  async run(values, { io, terminal }) {
    const { port, http, listen: host, 'allow-remote': allowRemote, seed: seedPath, data, output } = values
    const seed = seedPath === undefined ? undefined : readSeed(resolve(io.folder, seedPath))
    const { startEmulator } = await import('@x5t/emulator')
    const dataFolder = data === undefined ? undefined : resolve(io.folder, data)
    const caFolder = dataFolder ?? join(folderOf('data', io), 'emulator')
    // Before anything says that it is ready: a signal from then on must find its handler.
    const signalled = io.untilStopped()
    let onStopRequest = () => {}
    const asked = new Promise<'asked'>((resolve) => {
      onStopRequest = () => resolve('asked')
    })
    const hadState = dataFolder !== undefined && existsSync(join(dataFolder, 'state.json'))
    const options = { port, http, host, allowRemote, caFolder, dataFolder, seed, now: io.now, onStopRequest }
    const entra = await startEmulator(options).catch((error: unknown) => {
      throw startProblem(error, { port, host, seedPath, caFolder, known: livingEmulators(io) })
    })
    const { url, port: taken, tenantId } = entra
    const appId = entra.exportSeed().tenants[0]?.apps?.[0]?.appId ?? ''
    const caPath = http ? undefined : join(caFolder, 'ca.pem')
    const running = { url, port: taken, tenantId, appId, caPath, dataFolder, pid: process.pid }
    try {
      const unfound = isLoopback(new URL(url))
        ? await writeRunFile(io, running).catch((error: Error) => error)
        : new Error('it listens on no address of loopback')
      terminal.out(output === 'json' ? JSON.stringify(running) : envLines(running))
      terminal.note('')
      if (hadState && seedPath !== undefined)
        terminal.note(`${data} holds a state already; the seed serves a reset only`)
      for (const warning of [...entra.warnings, ...conditionsOf(entra)]) terminal.warn(warning)
      if (allowRemote) terminal.warn(`others reach it on ${host}, and whoever does can change it`)
      terminal.note(`ready on ${entra.url}, in a browser its portal; end it with Ctrl-C`)
      if (output === 'env')
        terminal.note(
          'for the original workflow: these lines into .env, then npm run createKeys (x5t createKeys)',
        )
      terminal.note('next, in a second terminal: x5t init --emulator --unencrypted-key --insecure')
      if (unfound !== undefined) terminal.warn(`other commands find it by --url only (${unfound.message})`)
      return exitCodes[await Promise.race([signalled, asked])]
    } finally {
      await entra.stop().catch((error: unknown) => {
        // Its server is closed by then; what is left is the lock, and a folder that became read-only.
        const { code, syscall } = errnoOf(error)
        if (syscall === undefined) throw error
        terminal.warn(`the lock of ${data} cannot be removed (${code}); the next start takes it over`)
      })
      // Last: whoever waits for its end looks for this file.
      await removeRunFile(io, running).catch(() => {})
    }
  },
})

/** What a data folder brought along and nobody would think of: a moved clock, armed faults. */
function conditionsOf({ clock, weather }: Emulator): string[] {
  const { now, offsetSeconds, frozen } = clock.describe()
  const armed = weather.armed().map(({ id, kind }) => `${id} ${kind}`)
  return [
    ...(offsetSeconds === 0 && !frozen
      ? []
      : [
          `the clock says ${now}${frozen ? ' and stands still' : ''}; x5t emulator clock reset lets it follow the machine’s`,
        ]),
    ...(armed.length === 0
      ? []
      : [`armed from before: ${armed.join(', ')}; x5t emulator weather clear --all clears them`]),
  ]
}

const isLocal = (address = '127.0.0.1') => ['127.0.0.1', '::1', 'localhost'].includes(address)

/** Of a signal as a shell has it: 128 and its number. */
const exitCodes = { SIGINT: 130, SIGTERM: 143, asked: 0 } as const

/** The original workflow's variables. */
function envLines({ url, tenantId, appId, caPath }: RunningEmulator): string {
  return [
    `APP_ID=${appId}`,
    `TENANT_ID=${tenantId}`,
    `TENANT_URL=${url}/${tenantId}/oauth2/token`,
    'PRIVATE_KEY=private.pem',
    'PUBLIC_KEY=public.pem',
    'PASSPHRASE=',
    ...(caPath === undefined ? [] : [`NODE_EXTRA_CA_CERTS=${quote(caPath)}`]),
  ].join('\n')
}

/** In `.env` an unquoted `#` begins a comment. */
function quote(value: string): string {
  return value.includes('#') ? `'${value}'` : value
}

/** MiB, as of what is imported. */
const largestSeed = 32

function readSeed(path: string): Seed {
  let text: string
  try {
    text = readSmallFile(path, largestSeed)
  } catch (cause) {
    if (cause instanceof CliError) throw cause
    throw unreadFile(path, cause)
  }
  try {
    return JSON.parse(text)
  } catch {
    // without the parser's error, which quotes the text: a seed may hold secrets
    throw new CliError('ERR_CONFIG_INVALID', `${path} is not JSON`)
  }
}
