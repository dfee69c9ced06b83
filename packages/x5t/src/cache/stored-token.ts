import { hostname, uptime } from 'node:os'
import { maxLifetimeSeconds } from '../entra/longest-life.ts'
import type { Clock } from '../internal/clock.ts'
import type { AccessToken } from '../token/access-token.ts'
import type { Cached } from './token-cache.ts'

/** The clocks of a fleet differ a little. */
const toleranceMs = 60_000
/** How long a token may live, and some tolerance. */
const maxLifetimeMs = maxLifetimeSeconds * 1_000 + toleranceMs

/** What is kept beside a token: when, and by whose clock. */
interface Kept extends AccessToken {
  readonly keptAt: number
  readonly host: string
  /** As the wall clock has it: earlier now than it was then, it was set back. */
  readonly bootedAt: number
}

export function encodeStoredToken(token: AccessToken, now: number): Uint8Array {
  const { accessToken, tokenType, expiresAt, refreshAt } = token
  const clock = { keptAt: Math.floor(now), host: hostname(), bootedAt: bootedAt(now) }
  const kept: Kept = { accessToken, tokenType, expiresAt, refreshAt, ...clock }
  return Buffer.from(JSON.stringify(kept))
}

/**
 * @returns `undefined` for what is no token, or was kept at a time that has not come yet, or lives longer than tokens
 * do, or was kept on this machine before its clock was set back: what it says of its time means nothing then.
 */
export function decodeStoredToken(bytes: Uint8Array, clock: Clock): Cached<AccessToken> | undefined {
  const token = parse(bytes)
  const now = clock.wall()
  if (token === undefined || token.keptAt > now + toleranceMs || token.expiresAt <= now) return undefined
  if (token.expiresAt - token.keptAt > maxLifetimeMs || token.refreshAt > token.expiresAt) return undefined
  if (token.host === hostname() && bootedAt(now) < token.bootedAt - toleranceMs) return undefined
  const { accessToken, tokenType, expiresAt, refreshAt } = token
  const steadyMinusWall = clock.steady() - now
  return {
    value: Object.freeze({ accessToken, tokenType, expiresAt, refreshAt }),
    expiresAt: expiresAt + steadyMinusWall,
    refreshAt: refreshAt + steadyMinusWall,
  }
}

const bootedAt = (now: number) => Math.round(now - uptime() * 1_000)

function parse(bytes: Uint8Array): Kept | undefined {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes).toString())
  } catch {
    return undefined
  }
  const members: Partial<{ [Name in keyof Kept]: unknown }> = { ...Object(value) }
  const { accessToken, tokenType, expiresAt, refreshAt, keptAt, host, bootedAt } = members
  if (typeof accessToken !== 'string' || accessToken === '' || typeof tokenType !== 'string') return undefined
  if (!isInstant(expiresAt) || !isInstant(refreshAt) || !isInstant(keptAt)) return undefined
  if (typeof host !== 'string' || !isInstant(bootedAt)) return undefined
  return { accessToken, tokenType, expiresAt, refreshAt, keptAt, host, bootedAt }
}

function isInstant(value: unknown): value is number {
  return Number.isSafeInteger(value)
}
