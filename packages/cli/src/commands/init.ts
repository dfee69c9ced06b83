import { defineCommand } from '../command.ts'
import { projectOption } from '../config/project-option.ts'
import { scopeOption, settingsOptions } from '../config/resolve-settings.ts'
import { keySizeOption } from '../key-size-option.ts'
import { checkUnencrypted, unencryptedOptions } from '../new-passphrase.ts'
import { checkPassphrase, passphraseOptions, sourcesNamed } from '../passphrase.ts'

export const init = defineCommand({
  summary: 'Make a key, a certificate and a configuration, and register the certificate or say how',
  details:
    'Asks for what is missing, on a terminal. The key pair goes into the data folder, or with --project into .x5t beside\n' +
    'x5t.json; inside a git work tree it is ignored first. With a token of an administrator on standard input, or at a\n' +
    'running emulator, the certificate is registered at once; others of the app stay.',
  examples: [
    'x5t init',
    'x5t init --emulator --unencrypted-key --insecure',
    'x5t init --tenant contoso.onmicrosoft.com --client-id 6731de76-… --passphrase-file passphrase.txt',
    'az account get-access-token --resource-type ms-graph --query accessToken -o tsv | x5t init --admin-token-stdin …',
  ],
  options: {
    profile: { type: 'string', value: 'NAME', description: 'name of the new profile', default: 'default' },
    tenant: settingsOptions.tenant,
    'client-id': settingsOptions['client-id'],
    emulator: { type: 'boolean', description: 'for the emulator that runs on this machine' },
    authority: settingsOptions.authority,
    scope: scopeOption,
    ca: settingsOptions.ca,
    bits: keySizeOption,
    days: {
      type: 'integer',
      value: 'N',
      minimum: 1,
      maximum: 398,
      default: 365,
      description: 'how long the certificate is valid',
    },
    'admin-token-stdin': {
      type: 'boolean',
      description: 'register by Microsoft Graph with the access token on standard input',
    },
    project: projectOption,
    ...unencryptedOptions,
    force: { type: 'boolean', description: 'replace the profile and its key' },
    ...passphraseOptions,
  },
  check: ({ 'admin-token-stdin': adminToken, ...values }) => [
    ...checkPassphrase(values),
    ...checkUnencrypted(values),
    ...(values.insecure && sourcesNamed(values) > 0
      ? ['--unencrypted-key and a passphrase exclude each other']
      : []),
    ...(adminToken && values['passphrase-stdin']
      ? ['--admin-token-stdin and --passphrase-stdin both read standard input']
      : []),
  ],
  async run(values, context) {
    const { runInit } = await import('../init/run-init.ts')
    return runInit(values, context)
  },
})
