import { X5tError } from '../errors.ts'
import type { Exchange, HttpResponse } from '../http/exchange.ts'
import { shownAddress } from '../internal/redact.ts'
import { readKey, type VerificationKey } from './verification-key.ts'

/** What an issuer says of itself (OpenID Connect Discovery 1.0 section 3), as far as a verifier needs it. */
export interface Metadata {
  /** As written; in Entra's document for every tenant, `{tenantid}` stands for the tenant. */
  readonly issuer: string
  readonly jwksUri: URL
  /** Entra: the cloud, `microsoftonline.com`. */
  readonly cloud?: string | undefined
}

/** By `kid`; two keys of one name are both tried. */
export type KeysByName = ReadonlyMap<string, readonly VerificationKey[]>

/** Most keys that a set may have. Entra: signing-key-rollover advises to be ready for up to 1,000. */
const maxKeys = 1_000

/**
 * @throws X5tError `ERR_METADATA_INVALID`, `ERR_METADATA_REFUSED`; TransportError.
 */
export async function fetchMetadata(exchange: Exchange, url: URL): Promise<Metadata> {
  const { issuer, jwks_uri: jwksUri, cloud_instance_name: cloud } = await fetchObject(exchange, url)
  if (typeof issuer !== 'string') throw invalid(url, 'names no issuer')
  if (typeof jwksUri !== 'string' || !URL.canParse(jwksUri)) throw invalid(url, 'names no key set (jwks_uri)')
  const keys = new URL(jwksUri)
  if (keys.protocol !== 'https:' && keys.protocol !== url.protocol) {
    throw invalid(url, 'names a key set that is not at an https address')
  }
  return { issuer, jwksUri: keys, cloud: typeof cloud === 'string' ? cloud : undefined }
}

/**
 * @returns The keys that may verify access tokens; what else the set has is left out.
 * @throws X5tError `ERR_METADATA_INVALID`, `ERR_METADATA_REFUSED`; TransportError.
 */
export async function fetchKeys(exchange: Exchange, { jwksUri, cloud }: Metadata): Promise<KeysByName> {
  const { keys } = await fetchObject(exchange, jwksUri)
  if (!Array.isArray(keys)) throw invalid(jwksUri, 'is no key set')
  if (keys.length > maxKeys) throw invalid(jwksUri, `has more than ${maxKeys} keys`)
  const byName = new Map<string, VerificationKey[]>()
  for (const jwk of keys) {
    const key = readKey(jwk, cloud)
    if (key !== undefined) byName.set(key.kid, [...(byName.get(key.kid) ?? []), key])
  }
  if (byName.size === 0) throw invalid(jwksUri, 'has no key that can verify RS256')
  return byName
}

/** 5-20 KiB as a rule; 2 MiB with a thousand keys and their certificates, which Entra advises to be ready for. */
const maxKeySetBytes = 4_194_304

const headers = { accept: 'application/json' }

async function fetchObject(exchange: Exchange, url: URL): Promise<Record<string, unknown>> {
  const response = await exchange({ method: 'GET', url, headers, maxBytes: maxKeySetBytes })
  if (response.status !== 200) throw notGiven(url, response)
  let value: unknown
  try {
    value = JSON.parse(response.body.toString())
  } catch {
    throw invalid(url, 'is not JSON')
  }
  if (typeof value !== 'object' || value === null) throw invalid(url, 'is not a JSON object')
  return { ...value }
}

/** Entra names its reason in the body; of that only the number is taken. */
function notGiven(url: URL, { status, body }: HttpResponse): X5tError {
  const isRefusal = status >= 400 && status < 500 && status !== 408 && status !== 429
  const [number] = /AADSTS\d{1,9}/.exec(body.toString('utf8', 0, 4_096)) ?? []
  return new X5tError(
    isRefusal ? 'ERR_METADATA_REFUSED' : 'ERR_METADATA_INVALID',
    `${shownAddress(url.href)} is answered with ${status}${number === undefined ? '' : ` (${number})`}`,
    { hint: 'check the tenant and the authority, or the address' },
  )
}

function invalid(url: URL, clause: string): X5tError {
  return new X5tError('ERR_METADATA_INVALID', `${shownAddress(url.href)} ${clause}`)
}
