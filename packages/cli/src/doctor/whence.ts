import type { SettingName } from '../config/definitions.ts'
import type { Settings } from '../config/resolve-settings.ts'

/** Where a value is from, and what it goes before: `AZURE_TENANT_ID, before tenant of profile default in … ("b")`. */
export function whence(settings: Settings, name: SettingName): string {
  const setting = settings.values[name]
  if (setting === undefined) return 'nowhere'
  const [other] = shadowed(settings, name)
  return other === undefined ? setting.from : `${setting.from}, before ${other.from} ("${other.value}")`
}

/** Values that say something else and go behind the one that holds. */
export function shadowed({ values, layers }: Settings, name: SettingName) {
  const chosen = values[name]?.value.toLowerCase()
  return layers
    .map((layer) => layer[name])
    .filter((other) => other !== undefined)
    .filter(({ value }) => value.toLowerCase() !== chosen)
}

/**
 * For a refusal that a setting with two values may explain: `; clientId is from AZURE_CLIENT_ID, before …`. Empty where
 * each of them has one.
 */
export function despite(settings: Settings, names: readonly SettingName[]): string {
  return names
    .filter((name) => shadowed(settings, name).length > 0)
    .map((name) => `; ${name} is from ${whence(settings, name)}`)
    .join('')
}
