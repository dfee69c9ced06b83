import { readFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { CliError } from './cli-error.ts'
import type { Io } from './io.ts'
import { isErrno } from './write-file.ts'

export type Variables = Readonly<Record<string, string | undefined>>

/** `.env` of the working folder beneath the environment of the process, which wins. An empty value counts as none. */
export function readVariables(io: Io): Variables {
  const given = Object.entries(io.env).filter(([, value]) => value !== undefined && value !== '')
  const fromFile = Object.entries(readEnvFile(join(io.folder, '.env'))).filter(([, value]) => value !== '')
  return Object.fromEntries([...fromFile, ...given])
}

function readEnvFile(path: string): Variables {
  try {
    return parseEnv(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''))
  } catch (cause) {
    if (isErrno(cause, 'ENOENT')) return {}
    throw new CliError('ERR_CONFIG_INVALID', '.env cannot be read', { cause })
  }
}

/**
 * The CA of an emulator or of a company's proxy. Node reads `NODE_EXTRA_CA_CERTS` of the environment when it starts,
 * and never from `.env`, so that one is read here; the environment's own is not lost by it.
 */
export function extraCa(io: Io): string[] | undefined {
  const fromFile = readEnvFile(join(io.folder, '.env')).NODE_EXTRA_CA_CERTS
  if (!fromFile) return undefined
  const paths = [fromFile, io.env.NODE_EXTRA_CA_CERTS].filter((path) => path !== undefined)
  return paths.filter((path) => path !== '').map((path) => readCa(resolve(io.folder, path)))
}

function readCa(path: string): string {
  const hints = ['x5t emulator prints where its CA is']
  let pem: string
  try {
    pem = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CliError('ERR_CONFIG_INVALID', `NODE_EXTRA_CA_CERTS names ${path}, which cannot be read`, {
      cause,
      hints,
    })
  }
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem
  throw new CliError(
    'ERR_CONFIG_INVALID',
    `NODE_EXTRA_CA_CERTS names ${path}, which holds no PEM certificate`,
    { hints },
  )
}

/** Where this program keeps what outlives a run: the XDG folder where one is set, or the system's own. */
export function dataFolder({ env, homeFolder, platform }: Io): string {
  // XDG base directory specification: a relative path is to be ignored.
  if (env.XDG_DATA_HOME && isAbsolute(env.XDG_DATA_HOME)) return join(env.XDG_DATA_HOME, 'x5t')
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homeFolder(), 'AppData', 'Local'), 'x5t')
  if (platform === 'darwin') return join(homeFolder(), 'Library', 'Application Support', 'x5t')
  return join(homeFolder(), '.local', 'share', 'x5t')
}
