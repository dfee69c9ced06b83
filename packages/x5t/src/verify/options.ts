import type { ClaimRequests } from './claim-requests.ts'

export type VerifierOptions = EntraOptions | IssuerOptions

/** Options that do not depend on who issues the tokens. */
export interface CommonOptions {
  /** Who the API is: its app id, its application id URI, or both. Compared exactly. */
  readonly audience: string | readonly string[]
  /** App roles, of which the token must have at least one. */
  readonly roles?: readonly string[] | undefined
  /**
   * Client ids that may call. With `roles` too, both must hold. `'any'` says that the client does not matter; without
   * roles that lets every app of the tenant in, for Entra gives a token to whoever asks.
   */
  readonly clients?: readonly string[] | 'any' | undefined
  /** Claims that a token must have, or else the caller is sent to get a new one that has them. */
  readonly requiredClaims?: ClaimRequests | undefined
  /** How far the clocks of issuer and API may differ, seconds. Default: 300. */
  readonly clockToleranceSeconds?: number | undefined
  /**
   * How many verified tokens are remembered, from their second time on, so that a busy caller's token costs no more
   * signature checks. Default: 4,096; at most 1,000,000; 0 remembers none. A remembered token still ends on time, and
   * when its key leaves the key set.
   */
  readonly rememberTokens?: number | undefined
  /** Lets addresses be plain http, at any host: for an emulator. Whoever is on the way can put in keys of their own. */
  readonly allowHttpAuthority?: boolean | undefined
  /** CA certificates to trust besides the usual ones, PEM. */
  readonly ca?: string | readonly string[] | undefined
  /** Fetches metadata and keys instead of `node:https`. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Epoch milliseconds. Default: the clock of this machine. */
  readonly now?: (() => number) | undefined
}

/** Tokens of Microsoft Entra ID, issued to apps. */
export type EntraOptions = CommonOptions &
  TenantChoice & {
    /** Refuses tokens of the other version. Default: each version by its own rules. */
    readonly version?: '1.0' | '2.0' | undefined
    /** Accepts only clients that proved themselves by a certificate. Default: false. */
    readonly requireCertificate?: boolean | undefined
    /** Origin of the service. Default: `https://login.microsoftonline.com`. */
    readonly authority?: string | undefined
    readonly issuer?: undefined
  }

/** Exactly one. */
type TenantChoice =
  /** One directory: GUID or verified domain name. */
  | { readonly tenant: string; readonly tenants?: undefined; readonly anyTenant?: undefined }
  /** Several directories, by GUID. */
  | { readonly tenants: readonly string[]; readonly tenant?: undefined; readonly anyTenant?: undefined }
  /**
   * Every directory there is. A role is then what some administrator, somewhere, granted to an app of their own; only
   * `clients` says who may call.
   */
  | { readonly anyTenant: true; readonly tenant?: undefined; readonly tenants?: undefined }

/** Tokens of another OpenID Connect issuer that signs with RS256. Only what is the same everywhere is checked. */
export type IssuerOptions = CommonOptions & {
  /** The `iss` of its tokens, exactly. */
  readonly issuer: string
  readonly tenant?: undefined
  readonly tenants?: undefined
  readonly anyTenant?: undefined
  /** Where its keys are. Default: what its metadata says. */
  readonly jwksUri?: string | undefined
  /** Where its metadata is. Default: `{issuer}/.well-known/openid-configuration` (OpenID Connect Discovery 1.0 section 4). */
  readonly metadataUrl?: string | undefined
}
