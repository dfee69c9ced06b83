import type { Certificate } from '../certificate/certificate.ts'
import type { Clock } from '../internal/clock.ts'
import { events } from '../internal/events.ts'
import { pause, type StopSignal } from '../internal/stop.ts'
import type { Signer } from '../signer/signer.ts'
import { createSeal, type Seal } from './seal.ts'
import type { Lease, Store } from './store.ts'
import { decodeStoredToken, encodeStoredToken, type StoredToken } from './stored-token.ts'
import type { Cached } from './token-cache.ts'

/** Tokens that a store shares with other processes. */
export interface SharedTokens {
  /**
   * A token that is not due: kept by anyone, or asked for by this process alone of all that share the store. Where the
   * service fails, one that is due serves until it ends. A store that fails changes nothing but the number of requests.
   *
   * @param key - All that could change the answer.
   */
  acquire(
    key: string,
    ask: () => Promise<Cached<StoredToken>>,
    signal: StopSignal,
  ): Promise<Cached<StoredToken>>
  /** A kept token that is not due; undefined for none, and where store or signer cannot be used. */
  peek(key: string): Promise<Cached<StoredToken> | undefined>
  /** Replaces what is kept: the service, or an API, does not want the one before any more. */
  keep(key: string, cached: Cached<StoredToken>): Promise<void>
}

export interface SharedTokensOptions {
  readonly store: Store
  readonly clock: Clock
  /** The credential whose holders share. */
  readonly credential: () => Promise<{ readonly certificate: Certificate; readonly signer: Signer }>
  /** Longest time for one request, milliseconds: a lease that is older was left behind. */
  readonly timeoutMs: number
}

/** How often who waits for another's answer looks for it. */
const pollMs = 40
/** A token that is due and could not be renewed is not asked for again before this. */
const backoffMs = 30_000

export function createSharedTokens({
  store,
  clock,
  credential,
  timeoutMs,
}: SharedTokensOptions): SharedTokens {
  let sealed: { thumbprint: string; seal: Promise<Seal | undefined> } | undefined

  /** One signature for each certificate; a signer that failed may be there the next time. */
  async function currentSeal(): Promise<Seal | undefined> {
    const current = await credential()
    const thumbprint = current.certificate.thumbprintSha256
    if (sealed?.thumbprint === thumbprint) return sealed.seal
    const made = { thumbprint, seal: createSeal(current) }
    sealed = made
    made.seal.catch(() => {
      if (sealed === made) sealed = undefined
    })
    return made.seal
  }

  async function read(seal: Seal, key: string): Promise<Cached<StoredToken> | undefined> {
    const bytes = await store.get(seal.nameOf(key))
    const opened = bytes && seal.open(key, bytes)
    return opened && decodeStoredToken(opened, clock)
  }

  const isFresh = (found: Cached<StoredToken> | undefined): found is Cached<StoredToken> =>
    found !== undefined && clock.steady() < found.refreshAt

  async function write(seal: Seal, key: string, { value }: Cached<StoredToken>): Promise<void> {
    await store.set(seal.nameOf(key), seal.seal(key, encodeStoredToken(value, clock.wall())), value.expiresAt)
  }

  /** A fresh token that somebody keeps, or the lease to ask for one; neither where the waiting takes too long. */
  async function waitFor(seal: Seal, key: string, signal: StopSignal) {
    const until = clock.steady() + timeoutMs / 2
    for (;;) {
      const found = await read(seal, key)
      if (isFresh(found)) return { found }
      const lease = await store.lease(seal.nameOf(key), timeoutMs)
      if (lease !== undefined) return { found, lease }
      if (clock.steady() >= until) return { found }
      await pause(pollMs * (0.5 + Math.random()), signal)
    }
  }

  async function askAndKeep(
    { seal, key, found, lease }: Turn,
    ask: () => Promise<Cached<StoredToken>>,
  ): Promise<Cached<StoredToken>> {
    try {
      // Who had the lease before may have kept its answer since the last look.
      const kept = lease === undefined ? undefined : await read(seal, key).catch(unavailable)
      if (isFresh(kept)) return served(kept)
      const cached = await ask()
      await write(seal, key, cached).catch(unavailable)
      return cached
    } catch (error) {
      const now = clock.steady()
      if (found === undefined || now >= found.expiresAt) throw error
      return served({ ...found, refreshAt: Math.min(found.expiresAt, now + backoffMs) })
    } finally {
      await lease?.release().catch(unavailable)
    }
  }

  return {
    async acquire(key, ask, signal) {
      const turn = await begin(key, signal)
      if (turn === undefined) return ask()
      return isFresh(turn.found) ? served(turn.found) : askAndKeep(turn, ask)
    },
    async peek(key) {
      const seal = await currentSeal().catch(unavailable)
      const found = seal && (await read(seal, key).catch(unavailable))
      return isFresh(found) ? served(found) : undefined
    },
    async keep(key, cached) {
      const seal = await currentSeal().catch(unavailable)
      if (seal !== undefined) await write(seal, key, cached).catch(unavailable)
    },
  }

  /** Undefined where the store or the signer cannot be used. */
  async function begin(key: string, signal: StopSignal): Promise<Turn | undefined> {
    try {
      const seal = await currentSeal()
      if (seal === undefined) events.store.publish({ outcome: 'unsealable' })
      return seal && { seal, key, ...(await waitFor(seal, key, signal)) }
    } catch (error) {
      if (signal.aborted) throw signal.reason
      return unavailable(error)
    }
  }
}

interface Turn {
  readonly seal: Seal
  readonly key: string
  readonly found: Cached<StoredToken> | undefined
  readonly lease?: Lease | undefined
}

function served(found: Cached<StoredToken>): Cached<StoredToken> {
  events.store.publish({ outcome: 'hit' })
  return found
}

function unavailable(error: unknown): undefined {
  events.store.publish({ outcome: 'unavailable', error })
}
