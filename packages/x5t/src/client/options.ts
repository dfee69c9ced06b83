import type { Store } from '../cache/store.ts'
import { isCredential } from '../credential/ask-source.ts'
import type { ClientCredential, CredentialSource } from '../credential/client-credential.ts'
import type { AuthorityOptions, TokenEndpointOptions } from '../entra/authority.ts'
import type { ExchangeOptions } from '../http/create-exchange.ts'
import { assertRule, code, flag, type Rule, type Rules, text, textOrTexts } from '../internal/option-rules.ts'
import type { SignatureAlgorithm } from '../signer/signer.ts'
import type { AccessToken } from '../token/access-token.ts'

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
    /**
     * Tokens kept in memory, one per tenant, scope and claims. Default: 10,000. The oldest leaves that was not asked for
     * since one was last looked for.
     */
    readonly maxCachedTokens?: number | undefined
    /**
     * Shares tokens with other processes, sealed for holders of the same certificate key: `createFileStore` of
     * `x5t/file`, or any other. Default: none. A store that fails or hangs is passed over, and `x5t:store` says so.
     */
    readonly store?: Store | undefined
    /** Epoch milliseconds. Default: the clocks of this machine. */
    readonly now?: (() => number) | undefined
  }

/** @throws TypeError for options that no program means; tenant and addresses are read in entra/authority.ts. */
export function assertClientOptions(options: ClientOptions): void {
  if (!isRecord(options)) throw new TypeError('createClient needs { tenant, clientId, credential }')
  for (const [name, rule] of Object.entries(required)) assertRule(name, options[name], rule)
  for (const [name, rule] of Object.entries(optional)) {
    if (options[name] !== undefined) assertRule(name, options[name], rule)
  }
}

/** @throws TypeError where `createClient` would, of what a token in a store is found by. */
export function assertPeekOptions(options: object): void {
  if (!isRecord(options)) throw new TypeError('peekToken needs { store, tenant, clientId, credential }')
  for (const [name, rule] of Object.entries({ ...required, store })) assertRule(name, options[name], rule)
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
const hasMethods = (value: unknown, ...names: readonly string[]) =>
  isRecord(value) && names.every((name) => typeof value[name] === 'function')

const required: Rules = {
  clientId: text,
  credential: [
    (value) => hasMethods(value, 'current') || isCredential(value),
    '{ certificate, signer } or a source of it; see loadCredential',
  ],
}

const store: Rule = [
  (value) => hasMethods(value, 'get', 'set', 'lease'),
  'a store, { get, set, lease }; see x5t/file',
]

const optional: Rules = {
  tokenEndpoint: text,
  allowHttpAuthority: flag,
  algorithm: [(value) => value === 'PS256' || value === 'RS256', 'PS256 or RS256'],
  sendCertificateChain: flag,
  timeoutMs: [
    (value) => typeof value === 'number' && value > 0 && value < 2 ** 31,
    'a number above 0 and below 2^31',
  ],
  maxCachedTokens: [(value) => Number.isInteger(value) && Number(value) > 0, 'a whole number above 0'],
  store,
  ca: textOrTexts,
  fetch: code,
  now: [
    (value) => typeof value === 'function' && Number.isFinite(value()),
    'a function that gives epoch milliseconds',
  ],
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
