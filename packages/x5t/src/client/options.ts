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
    /** Longest wait for a token, tries and pauses included, milliseconds. Default: 30,000. */
    readonly timeoutMs?: number | undefined
    /** Tokens kept in memory, one per tenant, scope and claims. Default: 10,000. */
    readonly maxCachedTokens?: number | undefined
    /** Epoch milliseconds. Default: the clocks of this machine. */
    readonly now?: (() => number) | undefined
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

/** An access token and the two instants that govern its use. */
export interface AccessToken {
  readonly accessToken: string
  readonly tokenType: string
  /** Epoch milliseconds. Sent time + `expires_in`; never used after this. */
  readonly expiresAt: number
  /** Epoch milliseconds. From here on a new one is fetched while this one still serves. */
  readonly refreshAt: number
}
