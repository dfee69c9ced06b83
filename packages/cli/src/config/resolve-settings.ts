import { CliError } from '../cli-error.ts'
import type { Io } from '../io.ts'
import { nearest } from '../nearest.ts'
import { configName } from '../node-config.ts'
import { type ConfigFile, readConfigFiles } from './config-file.ts'
import {
  type Layer,
  type Setting,
  type SettingName,
  settingDefaults,
  settingDefinitions,
  settingNames,
} from './definitions.ts'
import {
  caLayer,
  fileLayer,
  nodeConfigLayer,
  type OptionValues,
  optionLayer,
  variableLayers,
} from './layers.ts'
import { environmentOf } from './variables.ts'

/** Everything a client is told, each value with its place. */
export interface Settings {
  readonly profile: Setting
  readonly values: Layer
  /** Where `values` were chosen from, the strongest first. */
  readonly layers: readonly Layer[]
  /** The configuration files that were looked at, the strongest first. */
  readonly files: readonly ConfigFile[]
}

/** The setting options and the profile, of every command that acts as a client. */
export interface SettingsValues extends OptionValues {
  readonly profile?: string | undefined
}

export const settingsOptions = {
  profile: {
    type: 'string',
    value: 'NAME',
    description: 'profile of the configuration; goes before the environment',
  },
  tenant: optionOf('tenant'),
  'client-id': optionOf('clientId'),
  cert: optionOf('certificate'),
  key: optionOf('key'),
  authority: optionOf('authority'),
  ca: optionOf('ca'),
} as const

export const scopeOption = optionOf('scope')

function optionOf(name: SettingName) {
  const { value, description } = settingDefinitions[name]
  return { type: 'string', value, description } as const
}

/**
 * Options over variables over files over defaults; a profile that is named by `--profile` was asked for as an option is,
 * so its values go before variables and `nodeconfig.json`, whichever file holds them. Key and certificate are one thing:
 * whoever names another certificate does not get the key that belonged to the one before.
 *
 * @throws CliError `ERR_CONFIG_INVALID` or `ERR_CONFIG_MISSING` (a profile that is nowhere)
 */
export function resolveSettings(values: SettingsValues, io: Io): Settings {
  const files = readConfigFiles(io)
  const profile = chooseProfile(values.profile, files, io)
  const variables = variableLayers(io)
  const stored = files.map((file) => ({ kind: file.kind, layer: fileLayer(file, profile.value, io) }))
  const ofProject = stored.filter(({ kind }) => kind !== 'user').map(({ layer }) => layer)
  const ofUser = stored.filter(({ kind }) => kind === 'user').map(({ layer }) => layer)
  const options = optionLayer(values, io)
  const nodeConfig = nodeConfigLayer(io)
  const layers =
    profile.source === 'option'
      ? [options, ...ofProject, ...ofUser, ...variables, nodeConfig]
      : [options, ...variables, ...ofProject, nodeConfig, ...ofUser]
  return { profile, values: merge([...layers, defaultLayer]), layers, files }
}

/** What `nodeconfig.json` alone says, for the command of the original workflow that reads it and nothing else. */
export function resolveNodeConfig(io: Io): Settings {
  const layers = [nodeConfigLayer(io), caLayer(io)]
  const profile = { value: configName, from: configName, source: 'file' } as const
  return { profile, values: merge([...layers, defaultLayer]), layers, files: [] }
}

const defaultLayer: Layer = Object.fromEntries(
  Object.entries(settingDefaults).map(([name, value]) => [
    name,
    { value, from: 'default', source: 'default' },
  ]),
)

/** Of each setting the first that is found. */
export function merge(layers: readonly Layer[]): Layer {
  const pair = layers.findIndex(({ certificate }) => certificate !== undefined)
  const merged: Partial<Record<SettingName, Setting>> = {}
  for (const name of settingNames) {
    const candidates = name === 'key' && pair >= 0 ? layers.slice(0, pair + 1) : layers
    const found = candidates.find((layer) => layer[name] !== undefined)?.[name]
    if (found !== undefined) merged[name] = found
  }
  return merged
}

/** The profile that is named, the strongest first; whether there is one is not known. */
export function namedProfile(named: string | undefined, files: readonly ConfigFile[], io: Io): Setting {
  const chosen = candidates(named, files, io).find((candidate) => candidate !== undefined)
  return chosen ?? { value: 'default', from: 'default', source: 'default' }
}

function chooseProfile(named: string | undefined, files: readonly ConfigFile[], io: Io): Setting {
  const profile = namedProfile(named, files, io)
  const known = new Set(files.flatMap(({ content }) => Object.keys(content?.profiles ?? {})))
  if (known.has(profile.value) || profile.source === 'default') return profile
  const guess = nearest(profile.value, [...known])
  throw new CliError('ERR_CONFIG_MISSING', `there is no profile "${profile.value}" (${profile.from})`, {
    hints: [
      ...(guess === undefined ? [] : [`did you mean: ${guess}`]),
      'x5t config list shows them; x5t init makes one',
    ],
  })
}

function candidates(
  named: string | undefined,
  files: readonly ConfigFile[],
  io: Io,
): (Setting | undefined)[] {
  const { X5T_PROFILE } = environmentOf(io)
  return [
    named === undefined ? undefined : { value: named, from: '--profile', source: 'option' },
    X5T_PROFILE === undefined
      ? undefined
      : { value: X5T_PROFILE, from: 'X5T_PROFILE', source: 'environment' },
    ...files.map(({ path, content }) =>
      content?.profile === undefined
        ? undefined
        : ({ value: content.profile, from: `profile in ${path}`, source: 'file' } as const),
    ),
  ]
}
