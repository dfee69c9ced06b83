import type { Clock } from '../internal/clock.ts'
import { events } from '../internal/events.ts'
import { shownAddress } from '../internal/redact.ts'
import { type FailedFetch, failedFetch, stillFailing } from './failed-fetch.ts'
import type { KeysByName, Metadata } from './metadata.ts'
import type { VerificationKey } from './verification-key.ts'

/** An issuer and its keys, as last seen. */
export interface IssuerKeys {
  /** As the metadata writes it. */
  readonly issuer: string
  readonly byName: KeysByName
}

/** The keys of one issuer, kept fresh behind the callers. */
export interface KeySet {
  /** The keys if they can be had without waiting. */
  known(): IssuerKeys | undefined
  /** @throws X5tError, TransportError when no keys are known and none can be had. */
  current(signal?: AbortSignal | undefined): Promise<IssuerKeys>
  /**
   * The keys after a look for `kid`, which {@link current} did not have.
   *
   * @throws X5tError, TransportError when the look is due and fails: whether the issuer has the key is not known.
   */
  including(kid: string, signal?: AbortSignal | undefined): Promise<IssuerKeys>
  /** True if the key still stands in the set as known now; never waits. */
  holds(key: VerificationKey): boolean
}

export interface KeySource {
  /** Of the metadata, or of the keys where there is none. */
  readonly address: URL
  discover(): Promise<Metadata>
  fetchKeys(metadata: Metadata): Promise<KeysByName>
}

/** Milliseconds. Entra: signing-key-rollover gives 1 h, 24 h and 5 min; the other is ours. */
const limits = {
  /** From this age on, a caller is served and a fresh set is fetched behind it. */
  refresh: 3_600_000,
  /** From this age on, a caller waits for the fresh set. */
  wait: 24 * 3_600_000,
  /** With the service down, keys serve until this age, so that cutting an API off does not keep a revoked key alive. */
  keep: 7 * 24 * 3_600_000,
  /** Shortest time after a look for a name that the set lacks: names in forged tokens cost no traffic. */
  unknownName: 300_000,
} as const

export function createKeySet(source: KeySource, { steady }: Clock): KeySet {
  let metadata: Metadata | undefined
  let discoveredAt = Number.NEGATIVE_INFINITY
  let keys: IssuerKeys | undefined
  let loadedAt = Number.NEGATIVE_INFINITY
  let lookedAt = Number.NEGATIVE_INFINITY
  /** Of the last fetch. */
  let failure: FailedFetch | undefined
  let flight: Promise<IssuerKeys> | undefined

  /** One fetch at a time; whoever comes while it runs shares it. */
  function load(what: 'metadata and keys' | 'keys'): Promise<IssuerKeys> {
    if (flight !== undefined) return flight
    flight = fetchAll(what).finally(() => {
      flight = undefined
    })
    flight.catch(() => {})
    return flight
  }

  async function fetchAll(what: 'metadata and keys' | 'keys'): Promise<IssuerKeys> {
    const startedAt = steady()
    let { address } = source
    try {
      if (metadata === undefined || what === 'metadata and keys' || startedAt - discoveredAt >= limits.wait) {
        metadata = await source.discover()
        discoveredAt = startedAt
      }
      address = metadata.jwksUri
      const byName = await source.fetchKeys(metadata)
      keys = { issuer: metadata.issuer, byName }
      loadedAt = startedAt
      if (what === 'keys') lookedAt = startedAt
      failure = undefined
      events.keys.publish({ url: shownAddress(address.href), keys: byName.size })
      return keys
    } catch (error) {
      const now = steady()
      failure = failedFetch(error, failure, now, now - loadedAt < limits.keep)
      events.keys.publish({ url: shownAddress(address.href), error })
      throw failure.error
    }
  }

  /** While it is too early to ask again. */
  function failedLately(): typeof failure {
    return failure !== undefined && steady() < failure.until ? failure : undefined
  }

  function throwIfFailedLately(): void {
    const failed = failedLately()
    if (failed !== undefined) throw stillFailing(failed, steady())
  }

  /** What can be served at once; starts a refresh where one is due. */
  function known(): IssuerKeys | undefined {
    const now = steady()
    const age = now - loadedAt
    if (keys === undefined || age >= limits.keep) return undefined
    if (age < limits.refresh || failedLately() !== undefined) return keys
    if (age >= limits.wait) return undefined
    load('metadata and keys')
    return keys
  }

  async function current(signal?: AbortSignal): Promise<IssuerKeys> {
    const atHand = known()
    if (atHand !== undefined) return atHand
    throwIfFailedLately()
    try {
      return await unlessAborted(load('metadata and keys'), signal)
    } catch (error) {
      const lastGood = signal?.aborted ? undefined : known()
      if (lastGood === undefined) throw error
      return lastGood
    }
  }

  return {
    known,
    current,
    async including(kid, signal) {
      if (flight !== undefined) {
        const joined = await unlessAborted(flight, signal)
        if (joined.byName.has(kid)) return joined
      }
      if (flight === undefined && steady() - lookedAt < limits.unknownName) return current(signal)
      throwIfFailedLately()
      return unlessAborted(load('keys'), signal)
    },
    holds(key) {
      return (
        known()
          ?.byName.get(key.kid)
          ?.some(({ identity }) => identity === key.identity) ?? false
      )
    },
  }
}

/** Leaves the work alone when the signal aborts; others wait for it too. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
