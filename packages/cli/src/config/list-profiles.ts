import type { ConfigFile } from './config-file.ts'

export interface ListedProfile {
  readonly name: string
  /** The files that say something about it, the strongest first. */
  readonly files: readonly string[]
}

/** All profiles of all files, by name. */
export function listProfiles(files: readonly ConfigFile[]): readonly ListedProfile[] {
  const names = new Set(files.flatMap(({ content }) => Object.keys(content?.profiles ?? {})))
  return [...names].sort().map((name) => ({
    name,
    files: files
      .filter(({ content }) => Object.hasOwn(content?.profiles ?? {}, name))
      .map(({ path }) => path),
  }))
}
