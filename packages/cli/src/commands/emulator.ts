import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Emulator, Seed } from '@x5t/emulator'
import { CliError } from '../cli-error.ts'
import { defineCommand } from '../command.ts'
import { folderOf } from '../config/folders.ts'

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
  async run({ port, http, seed: seedPath, data, output }, { io, terminal }) {
    const seed = seedPath === undefined ? undefined : readSeed(resolve(io.folder, seedPath))
    const { startEmulator } = await import('@x5t/emulator')
    const dataFolder = data === undefined ? undefined : resolve(io.folder, data)
    const caFolder = dataFolder ?? join(folderOf('data', io), 'emulator')
    // Before anything says that it is ready: a signal from then on must find its handler.
    const stopped = io.untilStopped()
    const hadState = dataFolder !== undefined && existsSync(join(dataFolder, 'state.json'))
    const options = { port, http, caFolder, dataFolder, seed, now: io.now }
    const entra = await startEmulator(options).catch((error: unknown) => {
      throw explain(error, { port, seedPath, caFolder })
    })
    try {
      const appId = entra.exportSeed().tenants[0]?.apps?.[0]?.appId ?? ''
      const caPath = http ? undefined : join(caFolder, 'ca.pem')
      terminal.out(output === 'json' ? describe(entra, appId, caPath) : envLines(entra, appId, caPath))
      terminal.note('')
      if (hadState && seedPath !== undefined)
        terminal.note(`${data} holds a state already; the seed serves a reset only`)
      terminal.note(`ready on ${entra.url}; end it with Ctrl-C`)
      terminal.note(
        'next, in a second terminal with these lines in .env: npm run createKeys (x5t createKeys)',
      )
      await stopped
    } finally {
      await entra.stop()
    }
    return 0
  },
})

/** The original workflow's variables. */
function envLines({ url, tenantId }: Emulator, appId: string, caPath: string | undefined): string {
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

function describe({ url, port, tenantId }: Emulator, appId: string, caPath: string | undefined): string {
  return JSON.stringify({ url, port, tenantId, appId, caPath, pid: process.pid })
}

function readSeed(path: string): Seed {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CliError('ERR_CONFIG_MISSING', `${path} cannot be read`, { cause })
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new CliError('ERR_CONFIG_INVALID', `${path} is not JSON`, { cause })
  }
}

/** What kept it from starting, in words: the port, the folder of its CA, or the seed. */
function explain(
  cause: unknown,
  { port, seedPath, caFolder }: { port: number; seedPath: string | undefined; caFolder: string },
): unknown {
  const { code, syscall } = errnoOf(cause)
  if (syscall === 'listen') {
    const message =
      code === 'EADDRINUSE' ? `port ${port} is in use` : `port ${port} cannot be opened (${code})`
    return new CliError('ERR_PORT_IN_USE', message, {
      hints: ['take a free one: x5t emulator --port 0'],
      cause,
    })
  }
  if (syscall !== undefined) {
    const hints = ['XDG_DATA_HOME, or --data, names another folder']
    return new CliError('ERR_FILE_UNWRITABLE', `${caFolder} cannot be written (${code})`, { hints, cause })
  }
  // With a cause it is a sentence of the emulator about the authority it keeps, or else about its data folder.
  if (cause instanceof Error && (cause.cause !== undefined || cause.name === 'DataFolderError')) {
    return new CliError('ERR_CONFIG_INVALID', cause.message, { cause })
  }
  if (cause instanceof TypeError && seedPath !== undefined) {
    return new CliError('ERR_CONFIG_INVALID', `${seedPath}: ${cause.message}`, { cause })
  }
  return cause
}

function errnoOf(error: unknown): { code?: string | undefined; syscall?: string | undefined } {
  if (!(error instanceof Error)) return {}
  return 'syscall' in error ? (error as NodeJS.ErrnoException) : errnoOf(error.cause) // only Node sets it
}
