import { profileWords } from '../config/init-command.ts'
import type { Settings } from '../config/resolve-settings.ts'
import type { Io } from '../io.ts'
import { shellWord } from '../shell-word.ts'
import { foundAt, livingEmulators } from './run-file.ts'

/** What makes the CA of the emulator at this address trusted; undefined where no other than the configured one is known. */
export function caHint(
  address: URL,
  { values: { ca }, profile, files }: Settings,
  io: Io,
): string | undefined {
  const path = foundAt(address, livingEmulators(io))?.caPath
  if (path === undefined || path === ca?.value) return undefined
  // What is written goes behind those.
  if (ca?.source === 'option' || ca?.source === 'environment') return `name its CA by ${ca.from}: ${path}`
  const isProjects = files.some(
    ({ kind, content }) => kind === 'project' && content?.profiles?.[profile.value]?.ca !== undefined,
  )
  return `x5t config set ca ${shellWord(path)}${profileWords({ profile })}${isProjects ? ' --project' : ''}`
}
