import { CertificateError, TransportError, X5tError } from '../../errors.ts'
import type { Exchange } from '../../http/exchange.ts'
import { excerpt, reasonOf } from '../../internal/redact.ts'
import { retryAfterMs } from '../../internal/retry-after.ts'

/** The part of `@azure/core-auth`'s TokenCredential that is called here. */
export interface VaultTokenCredential {
  getToken(scope: string): Promise<{ readonly token: string } | null>
}

/**
 * Asks an Azure Key Vault and gives the JSON of its answer.
 *
 * @param path - From the root, `/certificates/app`.
 * @throws CertificateError `ERR_KEY_VAULT_REFUSED`, or `ERR_SIGNER_FAILED` where the identity got no token; TransportError,
 * retryable, when it is busy, with `retryAfterMs` where it says so, or does not answer.
 */
export type Vault = (method: 'GET' | 'POST', path: string, body?: object) => Promise<Record<string, unknown>>

/** Key Vault: the oldest version of its interface that is still current; all clouds have it. */
const apiVersion = '7.4'

export function createVault(options: {
  /** `https://contoso.vault.azure.net` */
  readonly origin: string
  readonly scope: string
  readonly credential: VaultTokenCredential
  readonly exchange: Exchange
  /** Epoch milliseconds. */
  readonly now: () => number
}): Vault {
  const { origin, scope, credential, exchange, now } = options
  const { host } = new URL(origin)
  /** What it said last with `Retry-After`: nobody sends it anything until then. */
  let busy: { readonly status: number; readonly waitMs: number; readonly until: number } | undefined
  return async (method, path, body) => {
    const leftMs = busy === undefined ? 0 : busy.until - now()
    // What is left is never more than it asked for, unless the clock was set back.
    if (busy !== undefined && leftMs > 0 && leftMs <= busy.waitMs)
      throw unavailable(host, busy.status, leftMs)
    const accessToken = await askIdentity(credential, scope, host)
    const response = await exchange({
      method,
      url: new URL(`${path}?api-version=${apiVersion}`, origin),
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        authorization: `Bearer ${accessToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const { status, headers } = response
    const json = parseObject(response.body)
    if (status === 429 || status >= 500) {
      const waitMs = retryAfterMs(headers, now())
      busy = waitMs === undefined ? undefined : { status, waitMs, until: now() + waitMs }
      throw unavailable(host, status, waitMs)
    }
    if (status !== 200) throw refused(host, `${status} ${reasonIn(json)}`)
    if (json === undefined) throw invalidAnswer(host, 'no JSON object')
    return json
  }
}

/** What the identity throws is of many kinds; an error of ours, as from a client's own `credential`, stays as it is. */
async function askIdentity(credential: VaultTokenCredential, scope: string, host: string): Promise<string> {
  const noToken = `the credential got no token for Key Vault ${host}`
  let access: Awaited<ReturnType<VaultTokenCredential['getToken']>>
  try {
    access = await credential.getToken(scope)
  } catch (cause) {
    if (cause instanceof X5tError) throw cause
    throw new CertificateError('ERR_SIGNER_FAILED', `${noToken}: ${reasonOf(cause)}`, { cause })
  }
  if (isHeaderText(access?.token)) return access.token
  throw new CertificateError('ERR_SIGNER_FAILED', noToken)
}

/** Code of others may give anything; an empty one is none, and a line break would not leave this process. */
function isHeaderText(token: unknown): token is string {
  return typeof token === 'string' && /^[\x20-\x7e]+$/.test(token)
}

export function invalidAnswer(host: string, what: string): TransportError {
  return new TransportError('ERR_RESPONSE_INVALID', `Key Vault ${host} answered with ${what}`, {
    retryable: false,
  })
}

function parseObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined // an object of JSON has string keys
  } catch {
    return undefined
  }
}

/** Key Vault: `{"error":{"code":"Forbidden","message":"…"}}`. */
function reasonIn(json: Record<string, unknown> | undefined): string {
  const error = json?.error
  if (typeof error !== 'object' || error === null) return ''
  const { code, message } = error as { code?: unknown; message?: unknown } // any object may lack both
  return excerpt([code, message].filter((part) => typeof part === 'string').join(': '), 160)
}

function refused(host: string, reason: string): CertificateError {
  return new CertificateError('ERR_KEY_VAULT_REFUSED', `Key Vault ${host} refused: ${reason}`, {
    hint: 'the identity needs the roles Key Vault Certificate User and Key Vault Crypto User on the vault',
  })
}

function unavailable(host: string, status: number, wait: number | undefined): TransportError {
  return new TransportError('ERR_KEY_VAULT_UNAVAILABLE', `Key Vault ${host} answered ${status}`, {
    retryAfterMs: wait,
  })
}
