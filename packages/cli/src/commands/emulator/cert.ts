import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CliError } from '../../cli-error.ts'
import { defineCommand } from '../../command.ts'
import { profileOption } from '../../config/profile-option.ts'
import { type Answer, callEmulator, listOf } from '../../emulator/connection.ts'
import { appIdOf, appOption, emulatorOptions, type Located, locateEmulator } from '../../emulator/locate.ts'
import { columns, print } from '../../emulator/print.ts'
import type { Io } from '../../io.ts'
import { configName } from '../../node-config.ts'
import { textOrJson } from '../../output-option.ts'

const options = { app: appOption, ...emulatorOptions, output: textOrJson } as const

export const certAdd = defineCommand({
  summary: 'Register a certificate with an app of a running emulator',
  details: 'App and address are the configured ones unless they are named.',
  examples: [
    'x5t emulator cert add public.pem',
    'x5t emulator cert add billing.crt --app 6731de76-… --url https://localhost:8443',
  ],
  options,
  positionals: { file: { description: 'the certificate: .pem, .crt or .cer' } },
  async run({ app, file, output, ...values }, { io, terminal }) {
    const located = locateEmulator(values, io)
    const appId = appIdOf(app, located)
    const { loadCertificate } = await import('x5t')
    const { pem, subject } = await loadCertificate({ path: resolve(io.folder, file) })
    const needed = ['thumbprintSha1Hex', 'keyId'] as const
    const added = await callEmulator(located, 'POST', certificatesOf(appId), needed, { certificate: pem })
    print(terminal, output, added, [
      `registered ${subject} with app ${appId}, thumbprint ${added.thumbprintSha1Hex}, key id ${added.keyId}`,
    ])
    if (located.settings.values.clientId?.value === appId) terminal.note(`next: ${next(values, io)}`)
    return 0
  },
})

export const certList = defineCommand({
  summary: 'List the certificates of an app of a running emulator',
  examples: ['x5t emulator cert list', 'x5t emulator cert list --app 6731de76-… --json'],
  options,
  async run({ app, output, ...values }, { io, terminal }) {
    const located = locateEmulator(values, io)
    const appId = appIdOf(app, located)
    const { certificates } = await findApp(located, appId)
    const found = listOf({ certificates }, 'certificates')
    const rows = found.map((one) => [one.keyId, one.thumbprintSha1Hex, one.endDateTime, one.displayName])
    print(
      terminal,
      output,
      { certificates: found },
      columns([['KEY ID', 'THUMBPRINT', 'VALID UNTIL', 'NAME'], ...rows]),
    )
    return 0
  },
})

export const certRemove = defineCommand({
  summary: 'Remove a certificate from an app of a running emulator',
  examples: ['x5t emulator cert remove 9c1e3f5a-…'],
  options: { app: appOption, ...emulatorOptions },
  positionals: { 'key-id': { description: 'as cert list shows it' } },
  async run({ app, 'key-id': keyId, ...values }, { io, terminal }) {
    const located = locateEmulator(values, io)
    const appId = appIdOf(app, located)
    await callEmulator(located, 'DELETE', `${certificatesOf(appId)}/${encodeURIComponent(keyId)}`, [])
    terminal.note(`removed ${keyId} from app ${appId}`)
    return 0
  },
})

/** The original workflow's own command, where it is what the folder is for. */
function next(values: { readonly profile: string | undefined }, { folder }: Io): string {
  const isWorkflow = values.profile === undefined && existsSync(join(folder, configName))
  return isWorkflow ? 'npm run connectToAzure (x5t connectToAzure)' : `x5t token${profileOption(values)}`
}

const certificatesOf = (appId: string) => `/apps/${encodeURIComponent(appId)}/certificates`

/** @throws CliError when the emulator has no such app. */
async function findApp(located: Located, appId: string): Promise<Answer> {
  const tenants = listOf(await callEmulator(located, 'GET', '/state', ['tenants']), 'tenants')
  const apps = tenants.flatMap((tenant) => listOf(tenant, 'apps'))
  const found = apps.find((one) => String(one.appId).toLowerCase() === appId.toLowerCase())
  if (found !== undefined) return found
  throw new CliError('ERR_EMULATOR_REFUSED', `no app ${appId} in the emulator`, {
    hints: ['x5t emulator app list shows those that are there'],
  })
}
