import type { RegisteredCertificate } from '../directory/registered-certificate.ts'
import type { Exchange } from '../http/exchange.ts'
import type { Asked } from '../judge/examination.ts'
import type { TokenRequest } from '../judge/hearing.ts'
import type { Refusal } from '../refusal/refusal.ts'

/** A judged token request, kept so that it can be explained and judged again. Only `describe.ts` may show it. */
export interface Entry {
  /** Counts from 1. */
  readonly number: number
  /** As it came, credential and all. */
  readonly request: TokenRequest
  readonly exchange: Exchange
  /** In the order asked; where refused, the last one failed. */
  readonly asked: readonly Asked[]
  /** Undefined where a token was issued, and where an armed fault answered in the judge's place. */
  readonly refusal: Refusal | undefined
  readonly accessToken: string | undefined
  /** The registered certificate whose key signed; undefined unless it was granted by one. */
  readonly certificate: RegisteredCertificate | undefined
  /** Ids of the armed faults that it met; some only while it was answered. */
  readonly met: readonly string[]
  /** Milliseconds of judging and issuing. */
  readonly elapsedMs: number
  /** Where it was not sent by a client, but judged again on command. */
  readonly replay: Replay | undefined
}

export interface Replay {
  readonly of: number
  /** By how much the emulator's clock was taken to be ahead. */
  readonly clockOffsetSeconds: number
}

/** The newest token requests. In memory: it ends with the process. */
export interface Journal {
  add(entry: Omit<Entry, 'number'>): Entry
  find(number: number): Entry | undefined
  /** Oldest first. */
  entries(): readonly Entry[]
  /** The last request that was granted for a signature by this certificate's key, however long ago. */
  lastUse(certificate: RegisteredCertificate): Entry | undefined
  /** @returns A function that ends it; undefined where as many as may be listen already. */
  follow(listener: (entry: Entry) => void): (() => void) | undefined
  clear(): void
}

/** Up to twice as many are held for a while. A request is at most 64 KiB long, so that is at most 64 MiB. */
const mostEntries = 500

/** A browser has six connections at most. */
const mostListeners = 64

export function createJournal(): Journal {
  let last = 0
  let kept: Entry[] = []
  let listeners: readonly ((entry: Entry) => void)[] = []
  /** By the certificate itself, which outlives a change of what stands around it. */
  const uses = new WeakMap<RegisteredCertificate, Entry>()
  return {
    add(given) {
      last += 1
      const entry = { number: last, ...given }
      // Cut seldom, for each cut copies the rest.
      if (kept.length >= 2 * mostEntries) kept = kept.slice(-mostEntries)
      kept.push(entry)
      if (entry.certificate !== undefined) uses.set(entry.certificate, entry)
      for (const listener of listeners) listener(entry)
      return entry
    },
    find: (number) => kept.slice(-mostEntries).find((entry) => entry.number === number),
    entries: () => kept.slice(-mostEntries),
    lastUse: (certificate) => uses.get(certificate),
    follow(listener) {
      if (listeners.length >= mostListeners) return undefined
      listeners = [...listeners, listener]
      return () => {
        listeners = listeners.filter((one) => one !== listener)
      }
    },
    clear() {
      kept = []
    },
  }
}
