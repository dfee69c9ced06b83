import type { Endpoints } from './endpoints.ts'
import type { WantedToken } from './options.ts'

/**
 * Names one cached token of one client. The certificate is not part of it: a token outlives the rotation of the key
 * that asked for it. Neither is what one client has once: its id and its authority. The plain case is the scope itself,
 * so that a hit builds no string; every other key begins with a space, and no scope does.
 *
 * @param ownTenant - The client's, in lower case.
 */
export function cacheKey(wanted: WantedToken, ownTenant: string, challenge: string | undefined): string {
  const { scope, resource, tenant, answersChallenges = false } = wanted
  const target = scope ?? resource
  const both = scope !== undefined && resource !== undefined
  if (typeof target !== 'string' || !(target.charCodeAt(0) > 0x20) || both) {
    throw noTarget()
  }
  assertText('tenant', tenant)
  assertText('claims', challenge)
  const named = tenant?.toLowerCase() ?? ownTenant
  const other = named === ownTenant ? null : named
  if (resource === undefined && other === null && !answersChallenges && challenge === undefined) return target
  return ` ${JSON.stringify([other, scope, resource, answersChallenges, challenge])}`
}

export function noTarget(): TypeError {
  return new TypeError('getToken needs a scope or a resource, a string that begins with no space, not both')
}

function assertText(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'string') throw new TypeError(`${name} must be a string`)
}

/** A store is shared by clients of any kind, so its keys hold what one client has once too. */
export function storeKey(own: Endpoints, clientId: string, wanted: WantedToken): string {
  return JSON.stringify([own.scope.url, own.resource.url, clientId, cacheKey(wanted, own.tenant, undefined)])
}
