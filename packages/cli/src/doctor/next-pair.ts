import { join, parse, sep } from 'node:path'
import { initCommand } from '../config/init-command.ts'
import type { Settings } from '../config/resolve-settings.ts'
import { projectKeyFolder } from '../init/plan.ts'

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
export function inItsPlace(settings: Settings): string[] {
  const { profile, values } = settings
  const ofInit = join(profile.value, `${profile.value}.crt`)
  const folders = [projectKeyFolder, 'x5t']
  const isOfInit = folders.some((folder) => values.certificate?.value.endsWith(join(sep, folder, ofInit)))
  if (values.certificate?.source !== 'file' || !isOfInit) return besideIt(settings)
  return [`make a new pair: ${initCommand(settings)}`]
}
