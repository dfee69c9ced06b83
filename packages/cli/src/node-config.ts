import { join, resolve } from 'node:path'
import { CliError } from './cli-error.ts'
import { isErrno } from './errno.ts'
import type { Io } from './io.ts'
import { readFoundFile } from './small-file.ts'

/** `nodeconfig.json`: what a client needs to know. Never the key, never the passphrase. */
export interface NodeConfig {
  readonly appId: string
  readonly tenantId: string
  readonly tokenEndpoint: string
  readonly resource: string
  /** Paths, relative ones from the working folder. */
  readonly privateKey: string
  readonly publicKey: string
  readonly x5t: string
  readonly 'x5t#S256': string
  /** End of the certificate, ISO 8601 UTC. */
  readonly expires: string
}

export const configName = 'nodeconfig.json'

export async function writeNodeConfig(config: NodeConfig, io: Io): Promise<void> {
  const { writeFiles } = await import('./write-file.ts')
  const text = `${JSON.stringify(config, null, 2)}\n`
  await writeFiles([{ path: join(io.folder, configName), text, mode: 0o644 }], true)
}

/** The members a request needs; the first sample's spellings (`appid`, `url`, `priv`, `pub`) are understood. */
export type RequestConfig = Pick<
  NodeConfig,
  'appId' | 'tokenEndpoint' | 'resource' | 'privateKey' | 'publicKey'
>

/** @throws CliError `ERR_CONFIG_MISSING` or `ERR_CONFIG_INVALID` */
export function readNodeConfig(io: Io): RequestConfig {
  const config = readNodeConfigIfAny(io)
  if (config !== undefined) return config
  throw new CliError('ERR_CONFIG_MISSING', `there is no ${configName} in ${io.folder}`, { hints: [again] })
}

/** Undefined where there is none. @throws CliError `ERR_CONFIG_INVALID` */
export function readNodeConfigIfAny(io: Io): RequestConfig | undefined {
  const stored = parse(io)
  if (stored === undefined) return undefined
  const member = (...names: string[]) => {
    const value = names.map((name) => stored[name]).find((found) => typeof found === 'string' && found !== '')
    if (typeof value === 'string') return value
    throw new CliError('ERR_CONFIG_INVALID', `${configName} has no ${names[0]}`, { hints: [again] })
  }
  const path = (...names: string[]) => resolve(io.folder, member(...names).replace(/^\.\\/, ''))
  return {
    appId: member('appId', 'appid'),
    tokenEndpoint: member('tokenEndpoint', 'url'),
    resource: member('resource', 'appId', 'appid'),
    privateKey: path('privateKey', 'priv'),
    publicKey: path('publicKey', 'pub'),
  }
}

const again = 'make it with: npm run createConfig (x5t createConfig)'

function parse(io: Io): Readonly<Record<string, unknown>> | undefined {
  let value: unknown
  try {
    value = JSON.parse(readFoundFile(join(io.folder, configName)))
  } catch (cause) {
    if (cause instanceof CliError) throw cause
    if (isErrno(cause, 'ENOENT')) return undefined
    throw new CliError('ERR_CONFIG_INVALID', `${configName} is not JSON, or cannot be read`, {
      hints: [again],
    })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliError('ERR_CONFIG_INVALID', `${configName} is not a JSON object`, { hints: [again] })
  }
  return { ...value }
}
