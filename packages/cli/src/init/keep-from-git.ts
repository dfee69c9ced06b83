import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { CliError } from '../cli-error.ts'
import { blame, writeFiles } from '../write-file.ts'

/**
 * Sees to it that a key in `folder` cannot be committed: inside a git work tree the folder gets a `.gitignore` of its
 * own that ignores all of it. Where git would take the key all the same, because it is tracked already or a `.gitignore`
 * that is there lets it through, it stops.
 *
 * @returns The file that was written, if one was.
 * @throws CliError `ERR_KEY_TRACKED` before anything is written.
 */
export async function keepFromGit(folder: string, keyPath: string): Promise<string | undefined> {
  const root = workTreeOf(folder)
  if (root === undefined) return undefined
  const key = relative(root, keyPath)
  if ((await git(root, 'ls-files', '--error-unmatch', '--', keyPath)) === 0) {
    throw wouldCommit(`git tracks ${key}`, `take it out of the index: git -C ${root} rm --cached ${key}`)
  }
  const ignore = join(folder, '.gitignore')
  if (existsSync(ignore)) {
    if ((await git(root, 'check-ignore', '--quiet', '--', keyPath)) !== 1) return undefined
    throw wouldCommit(`git does not ignore ${key}`, `add a line to ${ignore}: *.key`)
  }
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(blame(folder))
  await writeFiles([{ path: ignore, text: '*\n', mode: 0o644 }], false)
  return ignore
}

/** The nearest folder upwards that holds `.git`, which is a file in linked work trees. */
function workTreeOf(folder: string): string | undefined {
  for (let current = folder; ; current = dirname(current)) {
    if (existsSync(join(current, '.git'))) return current
    if (current === dirname(current)) return undefined
  }
}

/** Its exit code: 0 for yes, 1 for no. Undefined where there is no git to ask: without it nobody commits. */
async function git(root: string, ...argv: string[]): Promise<unknown> {
  try {
    await promisify(execFile)('git', ['-C', root, ...argv], { timeout: 10_000 })
    return 0
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code !== 'ENOENT' ? error.code : undefined
  }
}

function wouldCommit(clause: string, hint: string): CliError {
  return new CliError('ERR_KEY_TRACKED', `${clause}: a key there would be committed`, { hints: [hint] })
}
