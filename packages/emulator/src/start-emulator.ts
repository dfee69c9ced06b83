import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as timer } from 'node:timers/promises'
import { createApp } from './app.ts'
import { createControl } from './directory/control.ts'
import { demoSeed } from './directory/demo.ts'
import type { Seed } from './directory/seed.ts'
import type { Emulator, EmulatorOptions } from './emulator.ts'
import { closeToOthers } from './file/kept-file.ts'
import { createJournal } from './journal/journal.ts'
import { createServer, portOf, urlOf } from './server.ts'
import { openState, type State } from './state/state.ts'
import { openAuthority } from './tls/authority.ts'
import { openServerCertificate } from './tls/server-certificate.ts'
import { longestDefaultLifetime } from './token/lifetime.ts'
import { createSigningKeys } from './token/signing-keys.ts'
import { armedHeader } from './weather/encounter.ts'

const loopbackAddresses: readonly string[] = ['127.0.0.1', '::1', 'localhost']

/** TLS clients judge certificates by their own clock, so the emulator's movable one has no say there. */
const machineClock = Date.now

/** A fault that is still taking its time does not keep the process alive. */
const sleepUnheld = (ms: number): Promise<void> => timer(ms, undefined, { ref: false })

/**
 * Starts a local Entra on loopback and resolves when it answers.
 *
 * @throws DefinitionError for a seed that does not hold, DataFolderError for a data folder in use or damaged, TypeError for an address beyond this machine, and the
 * system's own error (`EADDRINUSE`, `EACCES`) for a port or folder that cannot be had.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { host = '127.0.0.1', seed = demoSeed } = options
  if (!loopbackAddresses.includes(host) && !options.allowRemote)
    throw new TypeError(
      `host must be one of ${loopbackAddresses.join(', ')}, unless allowRemote says otherwise`,
    )
  const state = openState({ folder: options.dataFolder, seed, now: options.now ?? Date.now })
  try {
    return await serve({ ...options, host, seed }, state)
  } catch (error) {
    state.close()
    throw error
  }
}

async function serve(
  options: EmulatorOptions & { readonly host: string; readonly seed: Seed },
  state: State,
): Promise<Emulator> {
  const { host, seed, port = 0, onJudgement, sleep = sleepUnheld } = options
  const { clock, directory, sky } = state
  const { now } = clock
  const warnings = closePrivateFiles([options.dataFolder, options.caFolder])
  const control = createControl(directory, seed, now)
  const longestLifetime = Math.max(options.tokenLifetimeSeconds ?? 0, longestDefaultLifetime)
  const [signingKeys, tls] = await Promise.all([
    createSigningKeys({ now, longestLifetimeMs: longestLifetime * 1000, store: state.signingKeys }),
    options.http ? undefined : createTls(options.caFolder ?? options.dataFolder),
  ])

  const caPem = tls?.caPem ?? ''
  const app = createApp({
    directory,
    control,
    signingKeys,
    clock,
    sky,
    sleep,
    lifetime: options,
    journal: createJournal(),
    caPem,
    listening: host,
    onJudgement,
    onStopRequest: options.onStopRequest,
  })
  const { server, sockets } = createServer({
    fetch: app.fetch,
    tls: tls?.certificate,
    now,
    headers: () => armedHeader(sky.armed()),
  })
  server.listen(port, host)
  await once(server, 'listening')

  return {
    url: urlOf(server),
    port: portOf(server),
    caPem,
    tenantId: directory.tenants()[0]?.id ?? '',
    warnings,
    clock,
    weather: sky,
    ...control,
    rollSigningKey: async () => ({ kid: (await signingKeys.roll()).kid }),
    async stop() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
      state.close()
    },
  }
}

/** @returns A sentence for each file with a private key that others could read. */
function closePrivateFiles(folders: readonly (string | undefined)[]): readonly string[] {
  const paths = [...new Set(folders)].flatMap((folder) =>
    folder === undefined
      ? []
      : ['ca-key.pem', 'server.pem', 'signing-keys.json'].map((name) => join(folder, name)),
  )
  return paths
    .filter(closeToOthers)
    .map((path) => `other users could read ${path} until now; remove it to have a new key made`)
}

async function createTls(caFolder: string | undefined) {
  const now = machineClock()
  const authority = await openAuthority(caFolder, now)
  return { certificate: await openServerCertificate(authority, caFolder, now), caPem: authority.pem }
}
