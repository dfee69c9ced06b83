import { createPublicKey, type KeyObject } from 'node:crypto'
import { X5tError } from '../errors.ts'
import type { Exchange } from '../http/exchange.ts'
import type { Clock } from '../internal/clock.ts'

/** A public key of the issuer. */
export interface IssuerKey {
  readonly key: KeyObject
  /** Entra, v2 key sets: the issuer this key signs for, with `{tenantid}` where it signs for all tenants. */
  readonly issuer: string | undefined
}

/** What a tenant's metadata says of it: its issuer and its keys. */
export interface KeySet {
  /** Exact `iss` of its tokens; a template with `{tenantid}` where the metadata is of all tenants. */
  issuer(): Promise<string>
  /** The key a token names, or `undefined` when the issuer does not publish it. */
  find(kid: string): Promise<IssuerKey | undefined>
}

interface Known {
  readonly issuer: string
  readonly keys: ReadonlyMap<string, IssuerKey>
  /** Steady time. */
  readonly fetchedAt: number
}

/** Entra: refresh in the background every hour, and for an unknown key at most every five minutes. */
const refreshMs = 3_600_000
const unknownKeyPauseMs = 300_000
/** After a failed fetch, how long callers without keys are told so without another one. */
const failurePauseMs = 5_000
const maxKeys = 1_000

/**
 * The key set behind an OpenID Connect metadata address: fetched when first needed, by one request for all callers,
 * and renewed behind them. While the service is down the keys known last go on serving.
 */
export function createKeySet(options: { metadataUrl: string; exchange: Exchange; clock: Clock }): KeySet {
  const { metadataUrl, exchange, clock } = options
  let known: Known | undefined
  let fetching: Promise<Known> | undefined
  let askedForUnknownAt = Number.NEGATIVE_INFINITY
  let failed: { at: number; error: unknown } | undefined

  /** One fetch at a time; whoever comes later waits for the same. */
  function fetchOnce(): Promise<Known> {
    fetching ??= fetchKeys(metadataUrl, exchange)
      .then(
        (fetched) => {
          known = { ...fetched, fetchedAt: clock.steady() }
          failed = undefined
          return known
        },
        (error: unknown) => {
          failed = { at: clock.steady(), error }
          throw error
        },
      )
      .finally(() => {
        fetching = undefined
      })
    return fetching
  }

  async function current(): Promise<Known> {
    const paused = failed !== undefined && clock.steady() - failed.at < failurePauseMs
    if (known === undefined) {
      if (paused) throw failed?.error
      return fetchOnce()
    }
    if (clock.steady() - known.fetchedAt > refreshMs && !paused) fetchOnce().catch(() => {}) // the old keys serve on
    return known
  }

  return {
    async issuer() {
      return (await current()).issuer
    },
    async find(kid) {
      const key = (await current()).keys.get(kid)
      if (key !== undefined) return key
      if (fetching === undefined) {
        if (clock.steady() - askedForUnknownAt < unknownKeyPauseMs) return undefined
        askedForUnknownAt = clock.steady()
      }
      const latest = await fetchOnce().catch(() => known)
      return latest?.keys.get(kid)
    },
  }
}

async function fetchKeys(metadataUrl: string, exchange: Exchange): Promise<Omit<Known, 'fetchedAt'>> {
  const { issuer, jwks_uri: jwksUri } = await fetchJson(metadataUrl, exchange)
  if (typeof issuer !== 'string' || issuer === '') throw invalid(metadataUrl, 'names no issuer')
  if (typeof jwksUri !== 'string' || !isAsSafeAs(jwksUri, metadataUrl))
    throw invalid(metadataUrl, 'names no safe jwks_uri')
  const { keys } = await fetchJson(jwksUri, exchange)
  if (!Array.isArray(keys) || keys.length > maxKeys) throw invalid(jwksUri, 'is no key set')
  const usable = keys.map(toIssuerKey).filter((entry) => entry !== undefined)
  if (usable.length === 0) throw invalid(jwksUri, 'holds no usable key')
  return { issuer, keys: new Map(usable) }
}

/** Metadata that came over https must not send us to plain http. */
function isAsSafeAs(jwksUri: string, metadataUrl: string): boolean {
  return (
    URL.canParse(jwksUri) && ['https:', new URL(metadataUrl).protocol].includes(new URL(jwksUri).protocol)
  )
}

/** RSA keys for signatures, 2048 bits or more, with a public exponent that can verify one. Others are left out. */
function toIssuerKey(jwk: unknown): readonly [string, IssuerKey] | undefined {
  if (typeof jwk !== 'object' || jwk === null) return undefined
  const { kty, use = 'sig', kid, n, e, alg = 'RS256', issuer } = jwk as Record<string, unknown> // JSON, read with care
  if (kty !== 'RSA' || use !== 'sig' || alg !== 'RS256' || typeof kid !== 'string' || kid === '')
    return undefined
  if (typeof n !== 'string' || typeof e !== 'string') return undefined
  try {
    const key = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' })
    const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
    if (modulusLength < 2048 || publicExponent < 3n || publicExponent % 2n === 0n) return undefined
    return [kid, { key, issuer: typeof issuer === 'string' ? issuer : undefined }]
  } catch {
    return undefined
  }
}

async function fetchJson(address: string, exchange: Exchange): Promise<Record<string, unknown>> {
  const headers = { accept: 'application/json', 'accept-encoding': 'identity' }
  const { status, body } = await exchange({ method: 'GET', url: new URL(address), headers })
  if (status !== 200) throw invalid(address, `was answered with ${status}`)
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    throw invalid(address, 'is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(address, 'is no JSON object')
  return { ...value }
}

function invalid(address: string, what: string): X5tError {
  return new X5tError('ERR_METADATA_INVALID', `${address} ${what}`, {
    hint: 'check the tenant and the authority',
  })
}
