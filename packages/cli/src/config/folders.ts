import { join, posix, win32 } from 'node:path'
import { CliError } from '../cli-error.ts'
import type { Io } from '../io.ts'

/** What a folder of this program is for. Each has its own place on every system. */
export type FolderKind = 'config' | 'data' | 'cache' | 'state'

const xdg = {
  config: ['XDG_CONFIG_HOME', '.config'],
  data: ['XDG_DATA_HOME', '.local/share'],
  cache: ['XDG_CACHE_HOME', '.cache'],
  state: ['XDG_STATE_HOME', '.local/state'],
} as const

/**
 * Where this program keeps what outlives a run: the XDG folder where one is set, or the system's own.
 *
 * @throws CliError `ERR_CONFIG_MISSING` where the system knows no home folder.
 * @see https://specifications.freedesktop.org/basedir-spec/
 */
export function folderOf(kind: FolderKind, io: Io): string {
  const { env, platform } = io
  const { isAbsolute } = platform === 'win32' ? win32 : posix
  const [variable, fallback] = xdg[kind]
  const homeFolder = () => {
    const hints = [`${variable} names the folder to use in its place`]
    let home: string
    try {
      home = io.homeFolder()
    } catch (cause) {
      throw new CliError('ERR_CONFIG_MISSING', 'the system knows no home folder', { hints, cause })
    }
    // HOME may be empty; keys must not land wherever the process happens to be.
    if (isAbsolute(home)) return home
    throw new CliError('ERR_CONFIG_MISSING', 'the home folder is no absolute path', { hints })
  }
  // A relative path, or an empty one, is to be ignored, says the specification.
  const named = (name: string) => {
    const value = env[name]
    return value !== undefined && isAbsolute(value) ? value : undefined
  }
  const chosen = named(variable)
  if (chosen !== undefined) return join(chosen, 'x5t')
  if (platform === 'win32') {
    if (kind === 'config') return join(named('APPDATA') ?? join(homeFolder(), 'AppData', 'Roaming'), 'x5t')
    const local = named('LOCALAPPDATA') ?? join(homeFolder(), 'AppData', 'Local')
    return kind === 'data' ? join(local, 'x5t') : join(local, 'x5t', kind)
  }
  if (platform === 'darwin') {
    const library = join(homeFolder(), 'Library')
    if (kind === 'cache') return join(library, 'Caches', 'x5t')
    const support = join(library, 'Application Support', 'x5t')
    return kind === 'state' ? join(support, 'state') : support
  }
  return join(homeFolder(), fallback, 'x5t')
}
