import { resolve } from 'node:path'
import type { Client } from 'x5t'
import { UsageError } from './cli-error.ts'
import type { Context } from './command.ts'
import { extraCa, readVariables } from './environment.ts'
import { loadKeyPair } from './key-pair.ts'
import { readNodeConfig } from './node-config.ts'
import { type PassphraseValues, passphraseOptions, readPassphrase } from './passphrase.ts'
import { isLoopbackHttp, parseTokenUrl, type TokenUrl } from './token-url.ts'
import { workflowPassphrase } from './workflow.ts'

/** Options of every command that acts as a client. */
export const clientOptions = {
  tenant: { type: 'string', value: 'TENANT', description: 'GUID or domain of the directory' },
  'client-id': { type: 'string', value: 'ID', description: 'application (client) id' },
  cert: { type: 'string', value: 'FILE', description: 'the certificate; may hold the key too' },
  key: { type: 'string', value: 'FILE', description: 'the private key, if it is in a file of its own' },
  authority: {
    type: 'string',
    value: 'URL',
    description: 'origin of the service; default https://login.microsoftonline.com',
  },
  ...passphraseOptions,
} as const

export interface ClientValues extends PassphraseValues {
  readonly tenant: string | undefined
  readonly 'client-id': string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly authority: string | undefined
}

/** A client, and who it is. */
export interface OpenedClient {
  readonly client: Client
  readonly tenant: string
  readonly clientId: string
  /** What nodeconfig.json says it asks for. */
  readonly resource?: string
}

/** A client by options, or by the nodeconfig.json of the working folder where none of them is given. */
export async function openClient(values: ClientValues, context: Context): Promise<OpenedClient> {
  const { io, terminal } = context
  const { tenant, 'client-id': clientId, cert, key, authority } = values
  const passphrase = (await readPassphrase(values, io)) ?? workflowPassphrase(readVariables(io))
  if ([tenant, clientId, cert, key, authority].every((value) => value === undefined)) {
    return openConfigured(passphrase, context)
  }
  if (tenant === undefined || clientId === undefined || cert === undefined) {
    throw new UsageError(
      ['--tenant, --client-id and --cert go together'],
      ['or run it without them where a nodeconfig.json is'],
    )
  }
  const { createClient, loadCredential } = await import('x5t')
  const path = [cert, key].filter((file) => file !== undefined).map((file) => resolve(io.folder, file))
  const credential = await loadCredential({ path, passphrase })
  for (const warning of credential.warnings) terminal.warn(warning)
  const allowHttpAuthority = isLoopbackHttp(authority)
  const ca = extraCa(io)
  const client = createClient({ tenant, clientId, credential, authority, allowHttpAuthority, ca })
  return { client, tenant, clientId }
}

/** What nodeconfig.json opens. */
export interface ConfiguredClient extends OpenedClient {
  readonly resource: string
  readonly tokenUrl: TokenUrl
  /** Path of the certificate. */
  readonly publicKey: string
}

export async function openConfigured(
  passphrase: string | undefined,
  context: Context,
): Promise<ConfiguredClient> {
  const { appId: clientId, tokenEndpoint, resource, ...paths } = readNodeConfig(context.io)
  const tokenUrl = parseTokenUrl(tokenEndpoint, 'tokenEndpoint in nodeconfig.json')
  const { tenant, authority, allowHttpAuthority } = tokenUrl
  const credential = await loadKeyPair(paths, passphrase, context)
  const { createClient } = await import('x5t')
  const ca = extraCa(context.io)
  const client = createClient({ tenant, clientId, credential, authority, allowHttpAuthority, ca })
  return { client, tenant, clientId, resource, tokenUrl, publicKey: paths.publicKey }
}
