import type { AccessToken, ClientCredential } from 'x5t'
import { clientOf } from './client.ts'
import type { Context } from './command.ts'
import type { Settings } from './config/resolve-settings.ts'
import { explaining } from './conversation.ts'
import { hintForEmulator } from './hint-for-emulator.ts'
import { whileListening } from './listening.ts'
import type { RememberedTokens, TokenTarget } from './remembered-tokens.ts'
import { sayingWaits } from './saying-waits.ts'
import { waitForAcceptance } from './wait-for-acceptance.ts'

export interface MintOptions {
  readonly credential: ClientCredential
  readonly target: TokenTarget
  /** How long to wait for Entra to accept the certificate. */
  readonly limitMs: number
  readonly explain: boolean
  /** How long the service may take. Default: the client's. */
  readonly timeoutMs: number | undefined
}

export interface MintedToken {
  readonly token: AccessToken
  readonly source: 'minted' | 'disk'
}

/** A token from the service, or from another process that asks at the same time; one that is due where there is no other. */
export async function mintToken(
  settings: Settings,
  { credential, target, limitMs, explain, timeoutMs }: MintOptions,
  { store, wasRead }: RememberedTokens,
  context: Context,
): Promise<MintedToken> {
  const { client } = await clientOf(settings, credential, { store, timeoutMs })
  return explaining(explain, context.terminal, () =>
    waitForAcceptance(() => sayingWaits(context, newest), limitMs, context),
  ).catch((error: unknown) => {
    throw hintForEmulator(error, settings, context.io)
  })

  /** One from the disk that is due is renewed behind us, and this process ends no sooner: so that is waited for. */
  async function newest(): Promise<MintedToken> {
    const begunAt = context.io.now()
    let ended = () => {}
    const renewed = new Promise<void>((resolve) => {
      ended = resolve
    })
    return whileListening('x5t:refresh', ended, async () => {
      const first = await client.getToken(target)
      const source = wasRead() ? 'disk' : 'minted'
      if (source === 'minted' || begunAt < first.refreshAt) return { token: first, source }
      await renewed
      const token = await client.getToken(target)
      return { token, source: token.accessToken === first.accessToken ? 'disk' : 'minted' }
    })
  }
}
