import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import { readCa } from '../client.ts'
import { defineCommand } from '../command.ts'
import { resolveSettings, type Settings, settingsOptions } from '../config/resolve-settings.ts'
import { postToEmulator } from '../emulator-api.ts'
import { isLoopback } from '../token-url.ts'

export const emulatorCertAdd = defineCommand({
  summary: 'Register a certificate with an app of a running emulator',
  details: 'App and address are the configured ones unless they are named.',
  examples: [
    'x5t emulator cert add public.pem',
    'x5t emulator cert add billing.crt --app 6731de76-… --url https://localhost:8443',
  ],
  options: {
    app: { type: 'string', value: 'ID', description: 'client id of the app' },
    url: { type: 'string', value: 'URL', description: 'address of the emulator' },
    profile: settingsOptions.profile,
    ca: settingsOptions.ca,
  },
  positionals: { file: { description: 'the certificate: .pem, .crt or .cer' } },
  check: ({ url }) =>
    url === undefined || (/^https?:\/\//.test(url) && URL.canParse(url))
      ? []
      : ['--url takes an address: https://localhost:8443'],
  async run({ app, url, file, ...values }, { io, terminal }) {
    const settings = resolveSettings(values, io)
    const appId = app ?? settings.values.clientId?.value
    if (appId === undefined) {
      throw new CliError('ERR_CONFIG_MISSING', 'which app?', {
        hints: ['put the lines that x5t emulator prints into .env, or give --app and --url'],
      })
    }
    const origin = url ?? emulatorOf(settings)
    const { loadCertificate } = await import('x5t')
    const { pem, subject } = await loadCertificate({ path: resolve(io.folder, file) })
    const path = `/_emulator/apps/${encodeURIComponent(appId)}/certificates`
    const added = await postToEmulator(new URL(path, origin), { certificate: pem }, readCa(settings))
    terminal.out(
      `registered ${subject} with app ${appId}, thumbprint ${added.thumbprintSha1Hex}, key id ${added.keyId}`,
    )
    terminal.note('next: npm run connectToAzure (x5t connectToAzure)')
    return 0
  },
})

/** The configuration of the real service must not send a certificate there. */
function emulatorOf({ values: { authority } }: Settings): string {
  if (authority !== undefined && isLoopback(new URL(authority.value))) return authority.value
  throw new CliError(
    'ERR_CONFIG_INVALID',
    `${authority?.from} points at ${authority?.value}, which is no emulator`,
    {
      hints: [
        'upload the certificate in the portal: App registrations > Certificates & secrets',
        'or name the emulator: --url https://localhost:8443',
      ],
    },
  )
}
