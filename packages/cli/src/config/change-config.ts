import { mkdir, realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { CliError, UsageError } from '../cli-error.ts'
import type { Io } from '../io.ts'
import { nearest } from '../nearest.ts'
import { isLoopbackHttp } from '../token-url.ts'
import { blame, writeFiles } from '../write-file.ts'
import {
  type ConfigContent,
  type ConfigFile,
  configPaths,
  guess,
  holdsKey,
  isSecretName,
  profileNameProblems,
  readConfigFile,
} from './config-file.ts'
import { type SettingName, settingDefinitions, settingNames } from './definitions.ts'

export type ConfigTarget = Pick<ConfigFile, 'path' | 'kind'>

/** The file that a change goes to: `X5T_CONFIG` where it is set, else the project's where it is asked for, else the user's. */
export function targetOf(project: boolean, io: Io): ConfigTarget {
  const paths = configPaths(io)
  const target = paths.find(({ kind }) => kind === 'X5T_CONFIG' || kind === (project ? 'project' : 'user'))
  if (target !== undefined) return target
  throw new CliError('ERR_CONFIG_MISSING', 'the system knows no home folder for a configuration', {
    hints: ['name a file in X5T_CONFIG, or keep it with the project: --project'],
  })
}

/** Undefined where there is none yet. A file that `X5T_CONFIG` names may be made by the first change. */
export function readTarget(target: ConfigTarget): ConfigContent | undefined {
  return readConfigFile({ ...target, kind: 'project' })
}

/**
 * Reads, changes, replaces the file whole: whoever reads sees the old content or the new. What changes nothing writes
 * nothing.
 *
 * @returns Whether something was written.
 */
export async function changeConfig(
  target: ConfigTarget,
  change: (content: ConfigContent) => ConfigContent,
): Promise<boolean> {
  const before = readTarget(target)
  const after = change(before ?? {})
  if (before !== undefined && JSON.stringify(before) === JSON.stringify(after)) return false
  await mkdir(dirname(target.path), { recursive: true, mode: 0o700 }).catch(blame(target.path))
  // A link into a folder of dotfiles stays one, and a file that was closed to others stays closed.
  const path = await realpath(target.path).catch(() => target.path)
  const closed = await stat(path).then(
    ({ mode }) => (mode & 0o077) === 0,
    () => false,
  )
  const text = `${JSON.stringify(after, null, 2)}\n`
  await writeFiles([{ path, text, mode: closed ? 0o600 : 0o644 }], true)
  return true
}

/** The same content with one setting of one profile changed, or without it. */
export function withSettings(
  content: ConfigContent,
  profile: string,
  settings: Readonly<Partial<Record<SettingName, string | undefined>>>,
): ConfigContent {
  const profiles = content.profiles ?? {}
  const before = Object.hasOwn(profiles, profile) ? profiles[profile] : {}
  const entries = Object.entries({ ...before, ...settings }).filter(([, value]) => value !== undefined)
  return { ...content, profiles: { ...profiles, [profile]: Object.fromEntries(entries) } }
}

/** @throws UsageError for what is no setting, a secret above all; its value is not repeated. */
export function parseSettingName(name: string): SettingName {
  const found = settingNames.find((known) => known === name || settingDefinitions[known].option === name)
  if (found !== undefined) return found
  if (isSecretName(name)) {
    throw new UsageError([`${name} is refused: no secret belongs into a configuration file`], guess(name, []))
  }
  const near = nearest(name, settingNames)
  throw new UsageError(
    [`there is no setting "${name}"`],
    [near === undefined ? `settings: ${settingNames.join(', ')}` : `did you mean: ${near}`],
  )
}

/**
 * A value as it is kept: paths absolute, but from the file's own folder, and with slashes, where that goes with the
 * project: who reads it may have another system.
 */
export function settingToKeep(
  name: SettingName,
  value: string,
  { path, kind }: ConfigTarget,
  io: Io,
): string {
  if (holdsKey(value)) throw new UsageError([`${name} takes the path of a file, not its content`])
  if (settingDefinitions[name].kind === 'origin') return parseOrigin(name, value)
  if (settingDefinitions[name].kind !== 'path') return value
  const absolute = resolve(io.folder, value)
  const near = relative(dirname(path), absolute)
  if (kind !== 'project' || near.startsWith('..') || isAbsolute(near)) return absolute
  return io.platform === 'win32' ? near.replaceAll('\\', '/') : near
}

/** @throws UsageError for what is neither https nor this machine, or more than an origin. */
export function parseOrigin(name: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const safe = url?.protocol === 'https:' || isLoopbackHttp(value)
  if (url !== undefined && safe && url.pathname === '/' && url.search === '' && url.username === '')
    return url.origin
  throw new UsageError([
    `${name} takes an https origin, or http to this machine: https://login.microsoftonline.com`,
  ])
}

/** Of a name that is given to a profile: where one that is there begins with a dash, it goes on as it is. */
export function newProfileProblems(name: string): string[] {
  if (name.startsWith('-')) return ['a profile begins with no dash: commands would take it for an option']
  return profileNameProblems(name)
}

/** @throws UsageError */
export function assertProfileName(name: string): void {
  const problems = newProfileProblems(name)
  if (problems.length > 0) throw new UsageError(problems)
}
