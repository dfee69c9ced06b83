import { execFile } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { CliError } from '../cli-error.ts'
import { blame, writeFiles } from '../write-file.ts'

/**
 * Sees to it that a key in `folder` cannot be committed: inside a git work tree the folder gets a `.gitignore` of its
 * own that ignores all of it. Where git would take the key all the same, because it is tracked already or a `.gitignore`
 * that is there lets it through, or where git cannot say, it stops.
 *
 * @returns The file that was written, if one was.
 * @throws CliError `ERR_KEY_TRACKED` before anything is written.
 */
export async function keepFromGit(folder: string, keyPath: string): Promise<string | undefined> {
  const root = workTreeOf(folder)
  if (root === undefined) return undefined
  const key = relative(root, keyPath)
  const git = (...argv: string[]) => ask(root, key, argv)
  if (await git('ls-files', '--error-unmatch', '--', keyPath)) {
    throw wouldCommit(`git tracks ${key}`, `take it out of the index: git -C ${root} rm --cached ${key}`)
  }
  const ignore = join(folder, '.gitignore')
  if (existsSync(ignore)) {
    if ((await git('check-ignore', '--quiet', '--', keyPath)) !== false) return undefined
    throw wouldCommit(`git does not ignore ${key}`, `add a line to ${ignore}: *.key`)
  }
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(blame(folder))
  await writeFiles([{ path: ignore, text: '*\n', mode: 0o644 }], false)
  return ignore
}

/** The nearest folder upwards that holds `.git`: a file in linked work trees, else a folder with a HEAD. */
function workTreeOf(folder: string): string | undefined {
  for (let current = folder; ; current = dirname(current)) {
    const place = join(current, '.git')
    if (existsSync(join(place, 'HEAD')) || (existsSync(place) && statSync(place).isFile())) return current
    if (current === dirname(current)) return undefined
  }
}

/**
 * Yes or no. Undefined where there is no git to ask: without it nobody commits.
 *
 * @throws CliError `ERR_KEY_TRACKED` for anything else, as the repository of another user, which git does not read.
 */
async function ask(root: string, key: string, argv: readonly string[]): Promise<boolean | undefined> {
  try {
    await promisify(execFile)('git', ['-C', root, ...argv], { timeout: 10_000 })
    return true
  } catch (error) {
    const { code, stderr = '' } = error as { code?: unknown; stderr?: string } // what execFile rejects with
    if (code === 'ENOENT') return undefined
    if (code === 1) return false
    const [reason = ''] = stderr.replace(/^(fatal|error): /, '').split('\n')
    const message = `git cannot say whether it takes ${key}: ${reason || `it ended with ${code}`}`
    throw new CliError('ERR_KEY_TRACKED', message, { hints: [`what git needs: git -C ${root} status`] })
  }
}

function wouldCommit(clause: string, hint: string): CliError {
  return new CliError('ERR_KEY_TRACKED', `${clause}: a key there would be committed`, { hints: [hint] })
}
