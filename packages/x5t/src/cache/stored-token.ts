import type { Clock } from '../internal/clock.ts'
import type { Cached } from './token-cache.ts'

/** A token as it is kept outside a process: all instants on the wall clock, epoch milliseconds. */
export interface StoredToken {
  readonly accessToken: string
  readonly tokenType: string
  readonly expiresAt: number
  readonly refreshAt: number
}

/** The clocks of a fleet differ a little. */
const toleranceMs = 60_000
/** Entra: at most 28 hours, for tokens that can be revoked; the same bound as for a response, and some tolerance. */
const maxLifetimeMs = 108_000_000 + toleranceMs

export function encodeStoredToken(token: StoredToken, now: number): Uint8Array {
  const { accessToken, tokenType, expiresAt, refreshAt } = token
  return Buffer.from(JSON.stringify({ accessToken, tokenType, expiresAt, refreshAt, keptAt: now }))
}

/**
 * @returns `undefined` for what is no token, or was kept at a time that has not come yet, or lives longer than tokens
 * do: the wall clock was set back since, and what it says of this token means nothing.
 */
export function decodeStoredToken(bytes: Uint8Array, clock: Clock): Cached<StoredToken> | undefined {
  const token = parse(bytes)
  const now = clock.wall()
  if (token === undefined || token.keptAt > now + toleranceMs || token.expiresAt <= now) return undefined
  if (token.expiresAt - token.keptAt > maxLifetimeMs || token.refreshAt > token.expiresAt) return undefined
  const { accessToken, tokenType, expiresAt, refreshAt } = token
  const steadyMinusWall = clock.steady() - now
  return {
    value: Object.freeze({ accessToken, tokenType, expiresAt, refreshAt }),
    expiresAt: expiresAt + steadyMinusWall,
    refreshAt: refreshAt + steadyMinusWall,
  }
}

function parse(bytes: Uint8Array): (StoredToken & { keptAt: number }) | undefined {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes).toString())
  } catch {
    return undefined
  }
  const { accessToken, tokenType, expiresAt, refreshAt, keptAt } = { ...(value as Record<string, unknown>) } // each member is looked at
  if (typeof accessToken !== 'string' || accessToken === '' || typeof tokenType !== 'string') return undefined
  if (!isInstant(expiresAt) || !isInstant(refreshAt) || !isInstant(keptAt)) return undefined
  return { accessToken, tokenType, expiresAt, refreshAt, keptAt }
}

function isInstant(value: unknown): value is number {
  return Number.isSafeInteger(value)
}
