import { type Client, type ClientCredential, type ClientOptions, parseCa } from 'x5t'
import { CliError } from './cli-error.ts'
import type { Context } from './command.ts'
import { assertComplete } from './config/complete.ts'
import type { Setting } from './config/definitions.ts'
import { identityOf } from './config/identity.ts'
import { type OpenedCredential, openCredential } from './config/open-credential.ts'
import type { Settings } from './config/resolve-settings.ts'
import type { KeyTextValues } from './key-text.ts'
import type { PassphraseValues } from './passphrase.ts'
import { readSmallFile } from './small-file.ts'

/** What a command may put in the place of the library's own. */
export type ClientSeams = Pick<ClientOptions, 'store' | 'fetch' | 'timeoutMs'>

/** A client, and who it is. */
export interface OpenedClient {
  readonly client: Client
  readonly credential: OpenedCredential
  readonly tenant: string
  readonly clientId: string
}

/**
 * The client that the settings describe (resolve-settings.ts).
 *
 * @throws CliError when something is not configured, HintedError when key or certificate cannot be used.
 */
export async function openClient(
  settings: Settings,
  values: KeyTextValues & PassphraseValues,
  context: Context,
  seams: ClientSeams = {},
): Promise<OpenedClient> {
  assertComplete(settings, ['tenant', 'clientId'])
  const credential = await openCredential(settings, values, context)
  return { ...(await clientOf(settings, credential, seams)), credential }
}

/** @param credential - Key and certificate that were opened already. */
export async function clientOf(
  settings: Settings,
  credential: ClientCredential,
  seams: ClientSeams = {},
): Promise<Omit<OpenedClient, 'credential'>> {
  const identity = identityOf(settings)
  const { createClient } = await import('x5t')
  const client = createClient({ ...identity, credential, ca: readCa(settings), ...seams })
  return { client, tenant: identity.tenant, clientId: identity.clientId }
}

/** The CA of an emulator or of a company's proxy, PEM. @throws CliError `ERR_CONFIG_INVALID` */
export function readCa({
  values: { ca },
}: {
  readonly values: { readonly ca?: Setting | undefined }
}): string | undefined {
  if (ca === undefined) return undefined
  const named = `${ca.from} names ${ca.value}, which`
  const hints = ['x5t emulator prints where its CA is']
  let pem: string
  try {
    pem = readSmallFile(ca.value)
  } catch (cause) {
    if (cause instanceof CliError) throw cause
    throw new CliError('ERR_CONFIG_INVALID', `${named} cannot be read`, { cause, hints })
  }
  try {
    return parseCa(pem).join('')
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw new CliError('ERR_CONFIG_INVALID', `${named} cannot be used: ${cause.message}`, {
      cause,
      hints: [...(cause.cause === undefined ? [] : ['get the file again from where it came']), ...hints],
    })
  }
}
