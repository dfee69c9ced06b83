import { randomInt } from 'node:crypto'

/** How long tokens live, where it is not left to chance. */
export interface LifetimeOptions {
  /** Seconds. Default: as Entra, at random, 60 to 90 minutes, and 20 to 28 hours for a client and an API that can revoke. */
  readonly tokenLifetimeSeconds?: number | undefined
  /** Seconds until the client should ask anew. Default: half the lifetime where that is over two hours, else none. */
  readonly refreshInSeconds?: number | undefined
}

/** Seconds. No default lifetime is longer. */
export const longestDefaultLifetime = 28 * 3600

/** Entra: tokens that can be revoked before they end live for a day; that takes a client and an API that know how. */
export function lifetimeSeconds({ tokenLifetimeSeconds }: LifetimeOptions, revocable: boolean): number {
  if (tokenLifetimeSeconds !== undefined) return tokenLifetimeSeconds
  return revocable ? randomInt(20 * 3600, longestDefaultLifetime + 1) : randomInt(3600, 5401)
}

/** Entra: seen as 43199 beside a lifetime of 86399. */
export function refreshInSeconds(
  { refreshInSeconds }: LifetimeOptions,
  lifetime: number,
): number | undefined {
  return refreshInSeconds ?? (lifetime > 7200 ? Math.floor(lifetime / 2) - 1 : undefined)
}
