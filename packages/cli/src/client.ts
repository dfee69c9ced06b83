import { resolve } from 'node:path'
import type { Client } from 'x5t'
import { CliError } from './cli-error.ts'
import { extraCa, readVariables } from './environment.ts'
import type { Io } from './io.ts'
import { readNodeConfig } from './node-config.ts'
import { type PassphraseValues, passphraseOptions, readPassphrase } from './passphrase.ts'
import { parseTokenUrl } from './token-url.ts'

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

/** A client by options, or by the nodeconfig.json of the working folder where none of them is given. */
export async function openClient(
  values: ClientValues,
  io: Io,
): Promise<{ client: Client; resource?: string }> {
  const { createClient, loadCredential } = await import('x5t')
  const { tenant, 'client-id': clientId, cert, key, authority } = values
  const passphrase = (await readPassphrase(values, io)) ?? readVariables(io).PASSPHRASE
  const ca = extraCa(io)
  if ([tenant, clientId, cert, key, authority].every((value) => value === undefined)) {
    const config = readNodeConfig(io)
    const endpoint = parseTokenUrl(config.tokenEndpoint, 'tokenEndpoint in nodeconfig.json')
    const credential = await loadCredential({ path: [config.privateKey, config.publicKey], passphrase })
    const { authority: origin, tenant: own, allowHttpAuthority } = endpoint
    const client = createClient({
      tenant: own,
      authority: origin,
      allowHttpAuthority,
      clientId: config.appId,
      credential,
      ca,
    })
    return { client, resource: config.resource }
  }
  if (tenant === undefined || clientId === undefined || cert === undefined) {
    throw new CliError('ERR_USAGE', '--tenant, --client-id and --cert go together', {
      hints: ['or run it where a nodeconfig.json is'],
    })
  }
  const path = [cert, key].filter((file) => file !== undefined).map((file) => resolve(io.folder, file))
  const credential = await loadCredential({ path, passphrase })
  const allowHttpAuthority = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/.test(authority ?? '')
  return { client: createClient({ tenant, clientId, credential, authority, allowHttpAuthority, ca }) }
}
