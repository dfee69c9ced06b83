import { shellWord } from '../shell-word.ts'
import type { Settings } from './resolve-settings.ts'

export type StoredProfile = Pick<Settings, 'profile' | 'files' | 'values'>

/** What makes the profile that is used. One that is there is replaced, and goes on to mean the same service. */
export function initCommand({ profile, files, values }: StoredProfile): string {
  const file = fileOf({ profile, files })
  const named = profileWords({ profile })
  if (file === undefined) return `x5t init${named}`
  const { tenant, clientId, authority, scope, ca } = values
  const options = [
    ['tenant', tenant?.value],
    ['client-id', clientId?.value],
    ['authority', authority?.source === 'default' ? undefined : authority?.value],
    ['scope', scope?.source === 'file' ? scope.value : undefined],
    ['ca', ca?.value],
  ] as const
  const words = options.map(([name, value]) => (value === undefined ? '' : ` --${name} ${shellWord(value)}`))
  return `x5t init --force${named}${words.join('')}${file.kind === 'project' ? ' --project' : ''}`
}

/** The strongest that has the profile; undefined where none has. */
export function fileOf({ profile, files }: Pick<Settings, 'profile' | 'files'>) {
  return files.find(({ content }) => Object.hasOwn(content?.profiles ?? {}, profile.value))
}

/** For a command that takes `--profile`. */
export function profileWords({ profile }: Pick<Settings, 'profile'>): string {
  return profile.source === 'default' ? '' : ` --profile ${profile.value}`
}
