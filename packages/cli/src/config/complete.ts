import { CliError } from '../cli-error.ts'
import { type SettingName, settingDefinitions } from './definitions.ts'
import type { Settings } from './resolve-settings.ts'

/** @throws CliError `ERR_CONFIG_MISSING` naming each of `names` that has no value, and what would give it one. */
export function assertComplete(
  settings: Pick<Settings, 'values' | 'profile' | 'files'>,
  names: readonly SettingName[],
): void {
  const missing = names.filter((name) => settings.values[name] === undefined)
  if (missing.length === 0) return
  const options = missing.map((name) => `--${settingDefinitions[name].option}`).join(', ')
  const variables = missing.map((name) => settingDefinitions[name].variables.at(-1)).join(', ')
  throw new CliError('ERR_CONFIG_MISSING', `not configured: ${missing.join(', ')}`, {
    hints: [
      ...howToComplete(settings, missing),
      `or say them: ${options}, or in the environment: ${variables}`,
      'x5t config show says what is known and from where',
    ],
  })
}

/** A profile that has its certificate wants the rest alone: what makes it anew would replace the key too. */
export function howToComplete(
  settings: Pick<Settings, 'profile' | 'files'>,
  missing: readonly SettingName[],
): readonly string[] {
  if (!isStored(settings) || missing.includes('certificate'))
    return [`make key, certificate and configuration with: ${initCommand(settings)}`]
  return missing.map((name) => `x5t config set ${name} VALUE${profileWords(settings)}`)
}

/** What makes the profile that is used; one that is there already takes `--force`. */
export function initCommand(settings: Pick<Settings, 'profile' | 'files'>): string {
  return `x5t init${isStored(settings) ? ' --force' : ''}${profileWords(settings)}`
}

function isStored({ profile, files }: Pick<Settings, 'profile' | 'files'>): boolean {
  return files.some(({ content }) => Object.hasOwn(content?.profiles ?? {}, profile.value))
}

function profileWords({ profile }: Pick<Settings, 'profile'>): string {
  return profile.value === 'default' ? '' : ` --profile ${profile.value}`
}

/** Whether a token could be asked for. @param hasKeyText - A key was given that is no file; it may bring its certificate. */
export function isComplete({ values }: Settings, hasKeyText: boolean): boolean {
  const { tenant, clientId, certificate } = values
  return tenant !== undefined && clientId !== undefined && (certificate !== undefined || hasKeyText)
}
