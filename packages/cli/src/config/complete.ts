import { CliError } from '../cli-error.ts'
import { type SettingName, settingDefinitions } from './definitions.ts'
import type { Settings } from './resolve-settings.ts'

/** @throws CliError `ERR_CONFIG_MISSING` naming each of `names` that has no value, and what would give it one. */
export function assertComplete({ values }: Pick<Settings, 'values'>, names: readonly SettingName[]): void {
  const missing = names.filter((name) => values[name] === undefined)
  if (missing.length === 0) return
  const options = missing.map((name) => `--${settingDefinitions[name].option}`).join(', ')
  const variables = missing.map((name) => settingDefinitions[name].variables.at(-1)).join(', ')
  throw new CliError('ERR_CONFIG_MISSING', `not configured: ${missing.join(', ')}`, {
    hints: [
      'make key, certificate and configuration with: x5t init',
      `or say them: ${options}, or in the environment: ${variables}`,
      'x5t config show says what is known and from where',
    ],
  })
}

/** Whether a token could be asked for. @param hasKeyText - A key was given that is no file; it may bring its certificate. */
export function isComplete({ values }: Settings, hasKeyText: boolean): boolean {
  const { tenant, clientId, certificate } = values
  return tenant !== undefined && clientId !== undefined && (certificate !== undefined || hasKeyText)
}
