import { join, parse, sep } from 'node:path'
import type { Settings } from '../config/resolve-settings.ts'
import { projectKeyFolder } from '../init/plan.ts'
import type { Io } from '../io.ts'
import { shellWord } from '../shell-word.ts'

/** For a pair beside the one that is used. */
export function nextName({ values: { certificate } }: Pick<Settings, 'values'>): string {
  const { name } = parse(certificate?.value ?? 'x5t')
  return `${name.replace(/[^\w.-]/g, '-').slice(0, 60)}-new`
}

/** A pair that takes its place once it is registered. */
export function besideIt({ values }: Pick<Settings, 'values'>): string[] {
  const name = nextName({ values })
  const places = [values.certificate?.from, values.key?.from].filter((from) => from !== undefined)
  return [
    `make a new pair, and register it: x5t cert new --name ${name}`,
    `then name ${name}.crt and ${name}.key in place of the old ones: ${[...new Set(places)].join(', ')}`,
  ]
}

/** For a pair that serves no longer. What `x5t init` made, it makes again in the same place. */
export function inItsPlace(settings: Settings, io: Io): string[] {
  const { values, profile } = settings
  const { tenant, clientId, authority, scope, ca, certificate } = values
  const ofInit = join(profile.value, `${profile.value}.crt`)
  const inProject = certificate?.value === join(io.folder, projectKeyFolder, ofInit)
  const inHome = certificate?.value.endsWith(join(sep, 'x5t', ofInit)) === true
  if (certificate?.source !== 'file' || !(inProject || inHome)) return besideIt(settings)
  const options: [name: string, value: string | undefined][] = [
    ['profile', profile.value === 'default' ? undefined : profile.value],
    ['tenant', tenant?.value],
    ['client-id', clientId?.value],
    ['authority', authority?.source === 'default' ? undefined : authority?.value],
    ['scope', scope?.source === 'file' ? scope.value : undefined],
    ['ca', ca?.value],
  ]
  const words = options.flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, shellWord(value)],
  )
  return [`make a new pair: ${['x5t init --force', ...words, ...(inProject ? ['--project'] : [])].join(' ')}`]
}
