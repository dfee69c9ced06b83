import { CliError } from '../cli-error.ts'
import { type SettingName, settingDefinitions } from './definitions.ts'
import { fileOf, initCommand, profileWords, type StoredProfile } from './init-command.ts'
import type { Settings } from './resolve-settings.ts'

/** @throws CliError `ERR_CONFIG_MISSING` naming each of `names` that has no value, and what would give it one. */
export function assertComplete(settings: StoredProfile, names: readonly SettingName[]): void {
  const missing = names.filter((name) => settings.values[name] === undefined)
  if (missing.length === 0) return
  const options = missing.map((name) => `--${settingDefinitions[name].option}`).join(', ')
  const variables = missing.map((name) => settingDefinitions[name].variables.at(-1)).join(', ')
  throw new CliError('ERR_CONFIG_MISSING', `not configured: ${missing.join(', ')}`, {
    hints: [
      ...howToComplete(settings, missing),
      `or say them: ${options}, or in the environment: ${variables}`,
      `x5t config show${profileWords(settings)} says what is known and from where`,
    ],
  })
}

/** A profile that has its certificate wants the rest alone: what makes it anew would replace the key too. */
export function howToComplete(settings: StoredProfile, missing: readonly SettingName[]): readonly string[] {
  if (fileOf(settings) === undefined || missing.includes('certificate'))
    return [`make key, certificate and configuration with: ${initCommand(settings)}`]
  return missing.map((name) => `x5t config set ${name} VALUE${profileWords(settings)}`)
}

/** Whether a token could be asked for. @param hasKeyText - A key was given that is no file; it may bring its certificate. */
export function isComplete({ values }: Settings, hasKeyText: boolean): boolean {
  const { tenant, clientId, certificate } = values
  return tenant !== undefined && clientId !== undefined && (certificate !== undefined || hasKeyText)
}
