import { settingDefinitions, settingNames } from '../config/definitions.ts'
import { table } from './table.ts'

/** Every variable of the environment that means something, from the definitions where there are some. */
export function environmentText(): string {
  const settings = settingNames.flatMap((name) => {
    const { variables, description } = settingDefinitions[name]
    return variables.map((variable, index) => [
      variable,
      index === 0 ? description : 'the same, as the Azure SDKs call it',
    ])
  })
  return [
    'An option goes before a variable, a variable before a file; x5t config show says which value holds and why. A file',
    '.env in the working folder is read too, beneath the environment.',
    '',
    ...table([
      ...settings,
      ['X5T_PROFILE', 'profile of the configuration'],
      ['X5T_CONFIG', 'the configuration file, in place of all others'],
      ['X5T_KEY', 'the private key itself: PEM, or base64 of PEM or of a PFX'],
      ['X5T_PASSPHRASE', 'passphrase of the private key'],
      ['AZURE_CLIENT_CERTIFICATE_PASSWORD', 'the same, as the Azure SDKs call it'],
      ['AZURE_CLIENT_SECRET', 'not used; the doctor says so where it stands beside a certificate'],
      ['X5T_EMULATOR_URL', 'address of a running emulator, for x5t emulator …'],
      ['KUBERNETES_EXEC_INFO', 'set by kubectl: the version of --output exec-credential'],
    ]),
    '',
    'The original workflow, in .env: APP_ID, TENANT_ID, TENANT_URL, RESOURCE, PRIVATE_KEY, PUBLIC_KEY, ROOT_DIR, PASSPHRASE.',
    '',
    ...table([
      ['HTTPS_PROXY, NO_PROXY', 'the way out; of two spellings the lower case wins'],
      ['NODE_EXTRA_CA_CERTS', 'PEM of CAs to trust besides the usual ones'],
      ['XDG_CONFIG_HOME, …', 'folders; x5t help files'],
      ['NO_COLOR, FORCE_COLOR, TERM', 'colours on stderr'],
      ['CI, TF_BUILD, BUILD_ID', 'no questions are asked; as with --no-input'],
    ]),
  ].join('\n')
}

/** Where things are on this system is what `x5t config path` says; this is what they are. */
export function filesText(): string {
  return [
    'x5t config path prints where these are here.',
    '',
    ...table([
      ['./x5t.json', 'configuration of a project; goes before the one of the user'],
      ['$XDG_CONFIG_HOME/x5t/config.json', 'configuration of the user (~/.config)'],
      ['./.env, ./nodeconfig.json', 'the original workflow'],
      ['$XDG_DATA_HOME/x5t/', 'keys and certificates, 0700, keys 0600 (~/.local/share)'],
      ['./.x5t/', 'the same, of a project: x5t init --project'],
      ['$XDG_CACHE_HOME/x5t/', 'tokens, sealed, 0600 (~/.cache)'],
      ['$XDG_STATE_HOME/x5t/', 'addresses of emulators that run (~/.local/state)'],
    ]),
    '',
    'macOS: Library/Application Support and Library/Caches. Windows: %APPDATA%, %LOCALAPPDATA%.',
    'Configuration never holds a secret. Keys are written with mode 0600, and no file is replaced without --force.',
  ].join('\n')
}
