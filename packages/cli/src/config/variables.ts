import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { CliError } from '../cli-error.ts'
import { isErrno } from '../errno.ts'
import type { Io } from '../io.ts'
import { readSmallFile } from '../small-file.ts'

export type Variables = Readonly<Record<string, string | undefined>>

/** `.env` of the working folder beneath the environment of the process, which wins. An empty value counts as none. */
export function readVariables(io: Io): Variables {
  return { ...readEnvFile(io), ...environmentOf(io) }
}

/** What the process was started with. */
export function environmentOf({ env }: Io): Variables {
  return withoutEmpty(env)
}

/** What each command line found in its `.env`: a pipe gives it once. */
const envFiles = new WeakMap<Io, Variables>()

/**
 * Not only a file: 1Password and Doppler mount `.env` as a pipe.
 *
 * @throws CliError `ERR_CONFIG_INVALID` when there is a `.env` that cannot be read.
 */
export function readEnvFile(io: Io): Variables {
  const found = envFiles.get(io) ?? readEnvIn(io.folder)
  envFiles.set(io, found)
  return found
}

function readEnvIn(folder: string): Variables {
  try {
    return withoutEmpty(parseEnv(readSmallFile(join(folder, '.env'))))
  } catch (cause) {
    if (cause instanceof CliError) throw cause
    if (isErrno(cause, 'ENOENT')) return {}
    throw new CliError('ERR_CONFIG_INVALID', '.env cannot be read', { cause })
  }
}

function withoutEmpty(variables: Variables): Variables {
  return Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  )
}
