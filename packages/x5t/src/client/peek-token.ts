import { createSharedTokens } from '../cache/shared-tokens.ts'
import type { Store } from '../cache/store.ts'
import { currentOf } from '../credential/ask-source.ts'
import type { ClientCredential, CredentialSource } from '../credential/client-credential.ts'
import type { AuthorityOptions } from '../entra/authority.ts'
import { createClock } from '../internal/clock.ts'
import type { AccessToken } from '../token/access-token.ts'
import { endpointsOf } from './endpoints.ts'
import { storeKey } from './keys.ts'
import { assertPeekOptions, type TokenTarget } from './options.ts'

export type PeekOptions = AuthorityOptions & {
  readonly store: Store
  readonly clientId: string
  readonly credential: ClientCredential | CredentialSource
  /** One that is due too, while it lives: whoever takes it sees to a new one. Default: false. */
  readonly due?: boolean | undefined
  /** Epoch milliseconds. Default: the clocks of this machine. */
  readonly now?: (() => number) | undefined
}

/**
 * The token that a client with these options would take out of its store, without a client: nothing is loaded that
 * could ask the service. For short processes, where loading is what costs.
 *
 * @returns `undefined` when none is kept, or it is due and that was not asked for: then it takes a client.
 * @throws TypeError for a store, a `clientId` or a credential that `createClient` would refuse.
 */
export async function peekToken(
  options: PeekOptions,
  target: TokenTarget & {
    /** The one of `client.fetch`, which is kept apart. Default: false. */
    readonly answersChallenges?: boolean | undefined
  },
): Promise<AccessToken | undefined> {
  assertPeekOptions(options)
  const { store, clientId, credential, due, now } = options
  const shared = createSharedTokens({
    store,
    clock: createClock(now),
    timeoutMs: 30_000, // nothing is asked; the store has its share of it
    credential: () => currentOf(credential),
  })
  return (await shared.peek(storeKey(endpointsOf(options), clientId, target), due))?.value
}
