import { dirname, join, resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import { isErrno } from '../errno.ts'
import type { Io } from '../io.ts'
import { nearest } from '../nearest.ts'
import { readFoundFile, readSmallFile } from '../small-file.ts'
import { type SettingName, settingNames } from './definitions.ts'
import { folderOf } from './folders.ts'

/** A configuration file as it stands on the disk. It never holds a secret. */
export interface ConfigFile {
  readonly path: string
  readonly kind: 'X5T_CONFIG' | 'project' | 'user'
  /** Undefined: there is no such file. */
  readonly content: ConfigContent | undefined
}

export interface ConfigContent {
  /** For editors. */
  readonly $schema?: string
  /** The profile that is used where none is named. */
  readonly profile?: string
  readonly profiles?: Readonly<Record<string, ProfileContent>>
}

export type ProfileContent = Readonly<Partial<Record<SettingName, string>>>

export const projectFileName = 'x5t.json'

/**
 * The files that count, the strongest first: `X5T_CONFIG` alone where it is set, else the project's `x5t.json` and the
 * user's `config.json`.
 *
 * @throws CliError `ERR_CONFIG_INVALID` naming everything that is wrong in a file.
 */
export function readConfigFiles(io: Io): readonly ConfigFile[] {
  return configPaths(io).map((file) => ({ ...file, content: readConfigFile(file) }))
}

/** Where they are looked for, whether they exist or not. */
export function configPaths(io: Io): readonly Pick<ConfigFile, 'path' | 'kind'>[] {
  const named = io.env.X5T_CONFIG
  if (named) return [{ path: resolve(io.folder, named), kind: 'X5T_CONFIG' }]
  const project = { path: join(io.folder, projectFileName), kind: 'project' } as const
  const user = userConfigPath(io)
  return user === undefined ? [project] : [project, { path: user, kind: 'user' }]
}

/** Undefined where the system knows no home folder. */
function userConfigPath(io: Io): string | undefined {
  try {
    return join(folderOf('config', io), 'config.json')
  } catch {
    return undefined
  }
}

/** Undefined when there is no file. @throws CliError `ERR_CONFIG_INVALID` */
export function readConfigFile({ path, kind }: Pick<ConfigFile, 'path' | 'kind'>): ConfigContent | undefined {
  let text: string
  try {
    text = kind === 'X5T_CONFIG' ? readSmallFile(path) : readFoundFile(path)
  } catch (cause) {
    if (cause instanceof CliError) throw cause
    // A service may run with the home folder of somebody else; that is one without a configuration.
    const absent = isErrno(cause, 'ENOENT', 'ENOTDIR') || (kind === 'user' && isErrno(cause, 'EACCES'))
    if (absent && kind !== 'X5T_CONFIG') return undefined
    const code = absent ? 'ERR_CONFIG_MISSING' : 'ERR_CONFIG_INVALID'
    const hints = kind === 'X5T_CONFIG' ? ['X5T_CONFIG names it'] : []
    throw new CliError(code, `${path} ${absent ? 'does not exist' : 'cannot be read'}`, { hints, cause })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    // Not as a cause: the words of the parser quote the file.
    const hints = ['mend it by hand, or move it away and begin anew: x5t init']
    const message = text.trim() === '' ? `${path} is empty` : `${path} is not JSON${placeOf(error, text)}`
    throw new CliError('ERR_CONFIG_INVALID', message, { hints })
  }
  const problems: string[] = []
  const hints: string[] = []
  checkContent(value, problems, hints)
  if (problems.length === 0) return value as ConfigContent // checkContent has looked at every member
  throw new CliError('ERR_CONFIG_INVALID', `${path}: ${problems.join('; ')}`, { hints })
}

/** Line and column, where the parser says how far it came. */
function placeOf(error: unknown, text: string): string {
  const said = error instanceof Error ? error.message : ''
  const position = /at position (\d+)/.exec(said)?.[1]
  if (position === undefined) return said.includes('end of JSON') ? ': it ends too early' : ''
  const lines = text.slice(0, Number(position)).split('\n')
  return `: line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`
}

export const profileNamePattern = /^[\w-][\w.-]{0,63}$/

function checkContent(value: unknown, problems: string[], hints: string[]): void {
  if (!isObject(value)) {
    problems.push('is no JSON object')
    return
  }
  for (const [name, member] of Object.entries(value)) {
    if (name === '$schema' || name === 'profile') {
      if (typeof member !== 'string') problems.push(`${name} is no text`)
      else if (name === 'profile') problems.push(...profileNameProblems(member))
    } else if (name !== 'profiles') {
      problems.push(unknownMember(name, ''))
      hints.push(
        ...(settingNames.includes(name as SettingName) // asked of a list that takes this type only
          ? [`it belongs into a profile: { "profiles": { "default": { "${name}": … } } }`]
          : guess(name, ['profile', 'profiles', '$schema'])),
      )
    } else if (!isObject(member)) problems.push('profiles is no object')
    else
      for (const [profile, settings] of Object.entries(member))
        checkProfile(profile, settings, problems, hints)
  }
}

function checkProfile(profile: string, settings: unknown, problems: string[], hints: string[]): void {
  problems.push(...profileNameProblems(profile))
  if (!isObject(settings)) {
    problems.push(`profile ${JSON.stringify(profile)} is no object`)
    return
  }
  for (const [name, value] of Object.entries(settings)) {
    if (!settingNames.includes(name as SettingName)) {
      // asked of a list that takes this type only
      problems.push(unknownMember(name, ` in profile ${profile}`))
      hints.push(...guess(name, settingNames))
    } else if (typeof value !== 'string' || value === '') {
      problems.push(`${name} in profile ${profile} is no text`)
    } else if (holdsKey(value)) {
      problems.push(`${name} in profile ${profile} holds a key or certificate itself, not where it is`)
    }
  }
}

export function profileNameProblems(name: string): string[] {
  if (profileNamePattern.test(name) && name !== '__proto__') return []
  return ['a profile is named by letters, digits, dot, dash and underscore, 64 at most, not by a dot first']
}

/** PEM where the name of a file belongs; such a value is never shown. */
export function holdsKey(value: string): boolean {
  return /-----BEGIN |[\r\n]/.test(value)
}

export const isSecretName = (name: string) => secretName.test(name)

const secretName = /pass(phrase|word)|secret|^(private_?key|pin|(access_?)?token)$/i
const unsafeName = /^(allow|insecure|unsafe)/i

function unknownMember(name: string, where: string): string {
  if (secretName.test(name))
    return `${JSON.stringify(name)}${where} is refused: no secret belongs into this file`
  if (unsafeName.test(name))
    return `${JSON.stringify(name)}${where} is refused: what is unsafe is not set by a file`
  return `unknown member ${JSON.stringify(name)}${where}`
}

export function guess(name: string, candidates: readonly string[]): string[] {
  if (secretName.test(name)) {
    return ['a passphrase comes by --passphrase-file, --passphrase-fd, --passphrase-stdin or X5T_PASSPHRASE']
  }
  const found = nearest(name, candidates)
  return found === undefined ? [] : [`did you mean: ${found}`]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The settings of one profile in one file, paths made absolute from the file's folder. */
export function profileSettings({ path, content }: ConfigFile, profile: string): ProfileContent {
  const profiles = content?.profiles
  if (profiles === undefined || !Object.hasOwn(profiles, profile)) return {}
  const settings = profiles[profile] ?? {}
  const absolute = (value: string | undefined) =>
    value === undefined ? undefined : resolve(dirname(path), value)
  const paths = {
    certificate: absolute(settings.certificate),
    key: absolute(settings.key),
    ca: absolute(settings.ca),
  }
  return {
    ...settings,
    ...Object.fromEntries(Object.entries(paths).filter(([, value]) => value !== undefined)),
  }
}
