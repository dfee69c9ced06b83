import type { Store } from '../cache/store.ts'
import type { ClientCredential, CredentialSource } from '../credential/client-credential.ts'
import type { AuthorityOptions, TokenEndpointOptions } from '../entra/authority.ts'
import type { ExchangeOptions } from '../http/create-exchange.ts'
import type { SignatureAlgorithm } from '../signer/signer.ts'

export type ClientOptions = (AuthorityOptions | TokenEndpointOptions) &
  ExchangeOptions & {
    /** The application (client) id. */
    readonly clientId: string
    readonly credential: ClientCredential | CredentialSource
    /**
     * How assertions are signed. Default: the first the signer can do, `PS256` with `x5t#S256` for a key in memory;
     * `RS256` with `x5t` on AD FS.
     */
    readonly algorithm?: SignatureAlgorithm | undefined
    /** Sends the certificate and its chain as `x5c`, for subject-name/issuer trust. Default: false. */
    readonly sendCertificateChain?: boolean | undefined
    /** Longest wait for a token, key, tries and pauses included, milliseconds. Default: 30,000; at most 2^31 - 1. */
    readonly timeoutMs?: number | undefined
    /** Tokens kept in memory, one per tenant, scope and claims; the least recently used leaves. Default: 10,000. */
    readonly maxCachedTokens?: number | undefined
    /**
     * Shares tokens with other processes, sealed for holders of the same certificate key: `createFileStore` of
     * `x5t/file`, or any other. Default: none. A store that fails is passed over, and `x5t:store` says so.
     */
    readonly store?: Store | undefined
    /** Epoch milliseconds. Default: the clocks of this machine. */
    readonly now?: (() => number) | undefined
  }

/** @throws TypeError for options that no program means. */
export function assertClientOptions({
  clientId,
  credential,
  algorithm,
  timeoutMs,
  maxCachedTokens,
  store,
}: ClientOptions): void {
  if (typeof clientId !== 'string' || clientId === '')
    throw new TypeError('clientId must be a non-empty string')
  const isGiven = typeof credential === 'object' && credential !== null
  if (!isGiven || !('current' in credential || (credential.certificate && credential.signer))) {
    throw new TypeError('credential must be { certificate, signer } or a source of it; see loadCredential')
  }
  if (algorithm !== undefined && algorithm !== 'PS256' && algorithm !== 'RS256') {
    throw new TypeError('algorithm must be PS256 or RS256')
  }
  if (timeoutMs !== undefined && !(timeoutMs > 0 && timeoutMs < 2 ** 31)) {
    throw new TypeError('timeoutMs must be above 0 and below 2^31')
  }
  if (maxCachedTokens !== undefined && !(Number.isInteger(maxCachedTokens) && maxCachedTokens > 0)) {
    throw new TypeError('maxCachedTokens must be a whole number above 0')
  }
  if (store !== undefined && typeof store.lease !== 'function') {
    throw new TypeError('store must be a store, { get, set, lease }; see x5t/file')
  }
}

/** A v2 `scope` or a v1 `resource`, never both. */
export type TokenTarget =
  | {
      /** `{resource}/.default`. Asks the v2 endpoint. */
      readonly scope: string
      readonly resource?: undefined
    }
  | {
      /** App id URI or app id of the API. Asks the v1 endpoint. */
      readonly resource: string
      readonly scope?: undefined
    }

export type GetTokenOptions = TokenTarget & {
  /** Claims a challenge asked for, JSON text; the answer replaces the token that was refused. */
  readonly claims?: string | undefined
  /** Another tenant than the client's, for an app that serves many. */
  readonly tenant?: string | undefined
  /** Ends this caller's wait; others that wait for the same token are not touched. */
  readonly signal?: AbortSignal | undefined
}

/** One token to ask for: everything that could change the answer. */
export type WantedToken = GetTokenOptions & {
  /** Who answers claims challenges gets tokens of its own, for the service may make them revocable ones. */
  readonly answersChallenges?: boolean | undefined
}

/** What the parts that hang on a client know of it. */
export type TokenFor = (wanted: WantedToken) => Promise<AccessToken>

/** An access token and the two instants that govern its use. */
export interface AccessToken {
  readonly accessToken: string
  readonly tokenType: string
  /** Epoch milliseconds. Sent time + `expires_in`; never used after this. */
  readonly expiresAt: number
  /** Epoch milliseconds. From here on a new one is fetched while this one still serves. */
  readonly refreshAt: number
}
