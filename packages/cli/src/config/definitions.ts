/**
 * What a client needs to know, as data: options, variables, members of a configuration file, help, `config show` and
 * docs/schemas/config.schema.json follow from it.
 */
export const settingDefinitions = {
  tenant: {
    option: 'tenant',
    value: 'TENANT',
    variables: ['X5T_TENANT', 'AZURE_TENANT_ID'],
    kind: 'text',
    description: 'GUID or domain of the directory',
  },
  clientId: {
    option: 'client-id',
    value: 'ID',
    variables: ['X5T_CLIENT_ID', 'AZURE_CLIENT_ID'],
    kind: 'text',
    description: 'application (client) id',
  },
  certificate: {
    option: 'cert',
    value: 'FILE',
    variables: ['X5T_CERTIFICATE_PATH', 'AZURE_CLIENT_CERTIFICATE_PATH'],
    kind: 'path',
    description: 'the certificate; may hold the key too',
  },
  key: {
    option: 'key',
    value: 'FILE',
    variables: ['X5T_KEY_PATH'],
    kind: 'path',
    description: 'the private key, if it is in a file of its own',
  },
  authority: {
    option: 'authority',
    value: 'URL',
    variables: ['X5T_AUTHORITY', 'AZURE_AUTHORITY_HOST'],
    kind: 'origin',
    description: 'origin of the service',
  },
  scope: {
    option: 'scope',
    value: 'SCOPE',
    variables: ['X5T_SCOPE'],
    kind: 'text',
    description: '{resource}/.default: what a token is for',
  },
  ca: {
    option: 'ca',
    value: 'FILE',
    variables: ['X5T_CA'],
    kind: 'path',
    description: 'PEM of a CA to trust besides the usual ones',
  },
} as const satisfies Record<string, SettingDefinition>

interface SettingDefinition {
  /** Name of the option, without its dashes. */
  readonly option: string
  /** How help names the option's value. */
  readonly value: string
  /** Variables of the environment, the first that is set wins. */
  readonly variables: readonly string[]
  /** A path in a configuration file is relative to that file, elsewhere to the working folder. */
  readonly kind: 'text' | 'path' | 'origin'
  readonly description: string
}

export type SettingName = keyof typeof settingDefinitions
export const settingNames = Object.keys(settingDefinitions) as SettingName[] // the keys of the table above

/** What holds when nobody says otherwise. */
export const settingDefaults = {
  authority: 'https://login.microsoftonline.com',
  scope: 'https://graph.microsoft.com/.default',
} as const

/** A value, and where it was found. */
export interface Setting {
  /** Paths are absolute. */
  readonly value: string
  /** In words that lead there: `--tenant`, `AZURE_TENANT_ID`, `tenant in /home/ada/.config/x5t/config.json`. */
  readonly from: string
  readonly source: 'option' | 'environment' | 'file' | 'default'
}

/** One place that may hold settings. Of several the first that has a value wins. */
export type Layer = Readonly<Partial<Record<SettingName, Setting>>>
