import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import { defineCommand } from '../command.ts'
import { postToEmulator } from '../emulator-api.ts'
import { extraCa, readVariables } from '../environment.ts'
import { parseTokenUrl } from '../token-url.ts'

export const emulatorCertAdd = defineCommand({
  summary: 'Register a certificate with an app of a running emulator',
  details: 'App and address come from APP_ID and TENANT_URL of .env unless they are named.',
  examples: [
    'x5t emulator cert add public.pem',
    'x5t emulator cert add billing.crt --app 6731de76-… --url https://localhost:8443',
  ],
  options: {
    app: { type: 'string', value: 'ID', description: 'client id of the app' },
    url: { type: 'string', value: 'URL', description: 'address of the emulator' },
  },
  positionals: { file: { description: 'the certificate: .pem, .crt or .cer' } },
  check: ({ url }) =>
    url === undefined || (/^https?:\/\//.test(url) && URL.canParse(url))
      ? []
      : ['--url takes an address: https://localhost:8443'],
  async run({ app, url, file }, { io, terminal }) {
    const { APP_ID, TENANT_URL } = readVariables(io)
    const appId = app ?? APP_ID
    const origin = url ?? (TENANT_URL === undefined ? undefined : emulatorOf(TENANT_URL))
    if (appId === undefined || origin === undefined) {
      throw new CliError('ERR_CONFIG_MISSING', 'which app of which emulator?', {
        hints: ['put the lines that x5t emulator prints into .env, or give --app and --url'],
      })
    }
    const { loadCertificate } = await import('x5t')
    const { pem, subject } = await loadCertificate({ path: resolve(io.folder, file) })
    const path = `/_emulator/apps/${encodeURIComponent(appId)}/certificates`
    const added = await postToEmulator(new URL(path, origin), { certificate: pem }, extraCa(io))
    terminal.out(
      `registered ${subject} with app ${appId}, thumbprint ${added.thumbprintSha1Hex}, key id ${added.keyId}`,
    )
    terminal.note('next: npm run connectToAzure (x5t connectToAzure)')
    return 0
  },
})

/** The .env of the real service must not send a certificate there. */
function emulatorOf(tenantUrl: string): string {
  const { authority, isLoopback } = parseTokenUrl(tenantUrl, 'TENANT_URL')
  if (isLoopback) return authority
  throw new CliError('ERR_CONFIG_INVALID', `TENANT_URL points at ${authority}, which is no emulator`, {
    hints: [
      'upload the certificate in the portal: App registrations > Certificates & secrets',
      'or name the emulator: --url https://localhost:8443',
    ],
  })
}
