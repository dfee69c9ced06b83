import { join } from 'node:path'
import { CliError } from './cli-error.ts'
import { readVariables, type Variables } from './config/variables.ts'
import { isGuid } from './guid.ts'
import type { Io } from './io.ts'
import { parseTokenUrl, type TokenUrl } from './token-url.ts'

/** Where the original workflow keeps its two files, as written and from the working folder. */
export interface KeyPaths {
  readonly privateKey: string
  readonly publicKey: string
}

/** What `.env` must say before a configuration can be made. */
export interface WorkflowSettings extends KeyPaths {
  readonly appId: string
  readonly tenantId: string
  readonly tokenEndpoint: string
  readonly tokenUrl: TokenUrl
  readonly resource: string
  readonly passphrase: string | undefined
}

/** `X5T_PASSPHRASE`, which every command knows, or the workflow's own `PASSPHRASE`. */
export function workflowPassphrase(variables: Variables): string | undefined {
  return variables.X5T_PASSPHRASE ?? variables.PASSPHRASE
}

/** `ROOT_DIR` is the folder of both; default: the working folder. */
export function keyPaths(variables: Variables, defaults?: KeyPaths): KeyPaths {
  const { PRIVATE_KEY: privateKey = defaults?.privateKey, PUBLIC_KEY: publicKey = defaults?.publicKey } =
    variables
  const inRoot = (path = '') => (variables.ROOT_DIR === undefined ? path : join(variables.ROOT_DIR, path))
  return { privateKey: inRoot(privateKey), publicKey: inRoot(publicKey) }
}

/** @throws CliError naming every variable that is missing, or the one that is wrong. */
export function readWorkflow(io: Io): WorkflowSettings {
  const variables = readVariables(io)
  const { APP_ID = '', TENANT_ID = '', TENANT_URL = '' } = variables
  const missing = ['APP_ID', 'TENANT_ID', 'TENANT_URL', 'PRIVATE_KEY', 'PUBLIC_KEY'].filter(
    (name) => variables[name] === undefined,
  )
  if (missing.length > 0) {
    const verb = missing.length === 1 ? 'is' : 'are'
    throw new CliError('ERR_CONFIG_MISSING', `${missing.join(', ')} ${verb} missing in .env`, {
      hints: ['.env.example explains each line; x5t emulator prints lines to start with'],
    })
  }
  if (!isGuid(APP_ID)) throw new CliError('ERR_CONFIG_INVALID', `APP_ID is not a GUID: ${APP_ID}`)
  const tokenUrl = parseTokenUrl(TENANT_URL, 'TENANT_URL')
  if (
    isGuid(TENANT_ID) &&
    isGuid(tokenUrl.tenant) &&
    TENANT_ID.toLowerCase() !== tokenUrl.tenant.toLowerCase()
  ) {
    throw new CliError('ERR_CONFIG_INVALID', 'TENANT_ID and TENANT_URL name different tenants', {
      hints: [`TENANT_ID says ${TENANT_ID}, TENANT_URL says ${tokenUrl.tenant}`],
    })
  }
  return {
    ...keyPaths(variables),
    appId: APP_ID,
    tenantId: TENANT_ID,
    tokenEndpoint: TENANT_URL,
    tokenUrl,
    resource: variables.RESOURCE ?? APP_ID,
    passphrase: workflowPassphrase(variables),
  }
}
