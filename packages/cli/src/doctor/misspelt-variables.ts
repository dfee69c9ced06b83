import { settingDefinitions, settingNames } from '../config/definitions.ts'
import type { Variables } from '../config/variables.ts'
import { nearest } from '../nearest.ts'

const known: readonly string[] = [
  ...settingNames.flatMap((name) => settingDefinitions[name].variables),
  'X5T_PROFILE',
  'X5T_CONFIG',
  'X5T_KEY',
  'X5T_PASSPHRASE',
  'X5T_EMULATOR_URL',
]

/** Names that begin as ours and are nearly one of them. Others that begin so may be anybody's. */
export function misspeltVariables(variables: Variables): readonly { name: string; near: string }[] {
  return Object.keys(variables)
    .filter((name) => name.startsWith('X5T_') && !known.includes(name))
    .flatMap((name) => {
      const near = nearest(name, known)
      return near === undefined ? [] : [{ name, near }]
    })
}
