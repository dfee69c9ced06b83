import type { AccessToken, ClientCredential } from 'x5t'
import { clientOf } from './client.ts'
import type { Context } from './command.ts'
import type { Settings } from './config/resolve-settings.ts'
import { explaining } from './conversation.ts'
import { hintForEmulator } from './hint-for-emulator.ts'
import type { RememberedTokens, TokenTarget } from './remembered-tokens.ts'
import { sayingWaits } from './saying-waits.ts'
import { waitForAcceptance } from './wait-for-acceptance.ts'

export interface MintOptions {
  readonly credential: ClientCredential
  readonly target: TokenTarget
  /** How long to wait for Entra to accept the certificate. */
  readonly limitMs: number
  readonly explain: boolean
}

/** A token from the service, or from another process that asks at the same time. */
export async function mintToken(
  settings: Settings,
  { credential, target, limitMs, explain }: MintOptions,
  { store }: RememberedTokens,
  context: Context,
): Promise<AccessToken> {
  const { client } = await clientOf(settings, credential, { store })
  return explaining(explain, context.terminal, () =>
    waitForAcceptance(() => sayingWaits(context, () => client.getToken(target)), limitMs, context),
  ).catch((error: unknown) => {
    throw hintForEmulator(error, settings, context.io)
  })
}
