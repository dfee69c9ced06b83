import type { Certificate } from '../certificate/certificate.ts'
import type { Clock } from '../internal/clock.ts'
import { events } from '../internal/events.ts'
import { inTime } from '../internal/in-time.ts'
import { pause, type StopSignal, stopWithin } from '../internal/stop.ts'
import type { Signer } from '../signer/signer.ts'
import type { AccessToken } from '../token/access-token.ts'
import { boundedStore, noAnswerFrom } from './bounded-store.ts'
import { createSeal, type Seal } from './seal.ts'
import type { Lease, Store } from './store.ts'
import { decodeStoredToken, encodeStoredToken } from './stored-token.ts'
import type { Cached } from './token-cache.ts'

/** Tokens that a store shares with other processes. */
export interface SharedTokens {
  /**
   * A token kept by anyone, or asked for by this process alone of all that share the store. Who has none gets one that
   * is due at once while it lives, and renews it behind its caller; who `renews` one gets a token that is not due, or
   * learns why there is none. A store that fails or hangs changes nothing but the number of requests.
   *
   * @param key - All that could change the answer.
   * @param ask - Its signal aborts with `signal`, and where another's token came first.
   */
  acquire(key: string, ask: Ask, signal: StopSignal, renews: boolean): Promise<Cached<AccessToken>>
  /** A kept token that is not due, or lives at least; undefined for none, and where store or signer cannot be used. */
  peek(key: string, due?: boolean): Promise<Cached<AccessToken> | undefined>
  /** Replaces what is kept, behind the caller: the service, or an API, does not want the one before any more. */
  keep(key: string, cached: Cached<AccessToken>): void
}

export interface SharedTokensOptions {
  readonly store: Store
  readonly clock: Clock
  /** The credential whose holders share. */
  readonly credential: () => Promise<{ readonly certificate: Certificate; readonly signer: Signer }>
  /** Longest time for one request, milliseconds: a lease that is older was left behind. */
  readonly timeoutMs: number
}

/** How long who waits for another's answer pauses before the next look: longer each time, up to the end or a share. */
const firstPauseMs = 40
const pauseGrowth = 1.5
const longestPauseMs = 500
const pauseShare = 1 / 40
/** After this share of `timeoutMs` who waits asks too: another lives, but may never be answered. One try still fits. */
const waitShare = 3 / 4
/** Longest time for one call of the store, and at most this share of `timeoutMs`: whoever waits still gets a token. */
const maxStoreMs = 2_000
const storeShare = 1 / 8

export function createSharedTokens(options: SharedTokensOptions): SharedTokens {
  const { clock, credential, timeoutMs } = options
  const store = boundedStore(options.store, Math.min(maxStoreMs, timeoutMs * storeShare))
  const maxPauseMs = Math.min(longestPauseMs, timeoutMs * pauseShare)
  /** Those whose answers are to be kept. */
  const asking = new Set<Wanted>()
  /** The last that was begun of each name, while it is under way. */
  const writing = new Map<string, Promise<void>>()
  let sealed: { thumbprint: string; seal: Promise<Seal | undefined> } | undefined

  /** One signature for each certificate; a signer that failed, or hung, may be there the next time. */
  async function currentSeal(): Promise<Seal | undefined> {
    const current = await inTime(credential(), timeoutMs / 2, noAnswerFrom('the source of the credential'))
    const thumbprint = current.certificate.thumbprintSha256
    if (sealed?.thumbprint === thumbprint) return sealed.seal
    const made = {
      thumbprint,
      seal: inTime(createSeal(current), timeoutMs / 2, noAnswerFrom('the signer')),
    }
    sealed = made
    made.seal.catch(() => {
      if (sealed === made) sealed = undefined
    })
    return made.seal
  }

  async function read(seal: Seal, key: string): Promise<Found> {
    const bytes = await store.get(seal.nameOf(key))
    const opened = bytes && seal.open(key, bytes)
    return opened && decodeStoredToken(opened, clock)
  }

  const isFresh = (found: Found): found is Cached<AccessToken> =>
    found !== undefined && clock.steady() < found.refreshAt

  /** Begins once the one before it of that name has ended, which may take longer and would else replace it. */
  function write(seal: Seal, key: string, { value }: Cached<AccessToken>): Promise<void> {
    const name = seal.nameOf(key)
    const put = () => store.set(name, seal.seal(key, encodeStoredToken(value, clock.wall())), value.expiresAt)
    const before = writing.get(name) ?? Promise.resolve()
    const written = before.then(put, put).finally(() => {
      if (writing.get(name) === written) writing.delete(name)
    })
    writing.set(name, written)
    return written
  }

  const jittered = (pauseMs: number) => Math.min(pauseMs, maxPauseMs) * (0.5 + Math.random())

  /** A token that will do, or the lease to ask for one; neither where the waiting takes too long. */
  async function waitFor(seal: Seal, { key, signal, willDo, waitsUntil }: Wanted): Promise<Turn> {
    for (let pauseMs = firstPauseMs; ; pauseMs *= pauseGrowth) {
      const found = await read(seal, key)
      if (willDo(found)) return { seal, found }
      const lease = await store.lease(seal.nameOf(key), timeoutMs)
      if (lease !== undefined) return { seal, lease }
      if (clock.steady() >= waitsUntil) return { seal }
      await pause(jittered(pauseMs), signal)
    }
  }

  /** Asks though another has the lease, and looks on for its token: what comes first is taken, the rest let go. */
  async function askBeside(turn: Turn, wanted: Wanted, ask: Ask): Promise<Cached<AccessToken>> {
    const { signal, letGo } = stopWithin(wanted.signal)
    const beside: Wanted = { ...wanted, signal }
    try {
      const asked = askAndKeep(turn, beside, ask)
      const found = await Promise.race([asked.then(() => undefined), lookOn(turn.seal, beside)])
      return found === undefined ? await asked : served(found)
    } finally {
      letGo()
    }
  }

  /** Ends with a token, or never. */
  async function lookOn(seal: Seal, { key, signal, willDo }: Wanted): Promise<Cached<AccessToken>> {
    try {
      for (;;) {
        await pause(jittered(maxPauseMs), signal)
        const found = await read(seal, key)
        if (willDo(found)) return found
      }
    } catch (error) {
      if (!signal.aborted) unavailable(error)
      return new Promise(() => {})
    }
  }

  async function askAndKeep({ seal, lease }: Turn, wanted: Wanted, ask: Ask): Promise<Cached<AccessToken>> {
    const { key, signal, willDo } = wanted
    let written: Promise<void> | undefined
    try {
      // Who had the lease before may have kept its answer since the last look.
      const kept = lease === undefined ? undefined : await read(seal, key).catch(unavailable)
      if (willDo(kept)) return served(kept)
      asking.add(wanted)
      const cached = await ask(signal)
      // Else another was kept in the meantime; this token may be one of those that it revokes.
      if (asking.has(wanted)) written = write(seal, key, cached).catch(unavailable)
      return cached
    } finally {
      asking.delete(wanted)
      // Not waited for: the caller has what it came for. Who gets the lease next is to find what was written.
      Promise.resolve(written)
        .then(() => lease?.release())
        .catch(unavailable)
    }
  }

  return {
    async acquire(key, ask, signal, renews) {
      const waitsUntil = clock.steady() + timeoutMs * waitShare
      const wanted: Wanted = { key, signal, willDo: renews ? isFresh : isThere, waitsUntil }
      const turn = await begin(wanted)
      if (turn === undefined) return ask(signal)
      if (turn.found !== undefined) return served(turn.found)
      return turn.lease === undefined ? askBeside(turn, wanted, ask) : askAndKeep(turn, wanted, ask)
    },
    async peek(key, due = false) {
      // The one who waits here has no timer of its own, and what hangs may be all that the process has to do.
      const stay = setTimeout(() => {}, timeoutMs)
      try {
        const seal = await currentSeal().catch(unavailable)
        const found = seal && (await read(seal, key).catch(unavailable))
        const willDo = due ? isThere : isFresh
        return willDo(found) ? served(found) : undefined
      } finally {
        clearTimeout(stay)
      }
    },
    keep(key, cached) {
      for (const wanted of asking) if (wanted.key === key) asking.delete(wanted)
      currentSeal()
        .then((seal) => seal && write(seal, key, cached))
        .catch(unavailable)
    },
  }

  /** Undefined where the store or the signer cannot be used. */
  async function begin(wanted: Wanted): Promise<Turn | undefined> {
    try {
      const seal = await currentSeal()
      if (seal === undefined) events.store.publish({ outcome: 'unsealable' })
      return seal && (await waitFor(seal, wanted))
    } catch (error) {
      if (wanted.signal.aborted) throw wanted.signal.reason
      return unavailable(error)
    }
  }
}

type Ask = (signal: StopSignal) => Promise<Cached<AccessToken>>

type Found = Cached<AccessToken> | undefined

interface Wanted {
  readonly key: string
  readonly signal: StopSignal
  readonly willDo: (found: Found) => found is Cached<AccessToken>
  /** Steady time. */
  readonly waitsUntil: number
}

interface Turn {
  readonly seal: Seal
  readonly found?: Cached<AccessToken>
  readonly lease?: Lease
}

/** What has ended is not read. */
const isThere = (found: Found): found is Cached<AccessToken> => found !== undefined

function served(found: Cached<AccessToken>): Cached<AccessToken> {
  events.store.publish({ outcome: 'hit' })
  return found
}

function unavailable(error: unknown): undefined {
  events.store.publish({ outcome: 'unavailable', error })
}
