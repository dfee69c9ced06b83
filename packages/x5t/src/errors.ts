/** Every code an {@link X5tError} can carry. Stable; each has an entry in docs/errors.md. */
export type ErrorCode =
  | 'ERR_AUTHORITY_INVALID'
  | 'ERR_TENANT_INVALID'
  | 'ERR_PROXY_INVALID'
  | 'ERR_CERT_MISSING'
  | 'ERR_CERT_INVALID'
  | 'ERR_CERT_AMBIGUOUS'
  | 'ERR_CERT_EXPIRED'
  | 'ERR_CERT_NOT_YET_VALID'
  | 'ERR_CERT_KEY_MISMATCH'
  | 'ERR_CERT_IS_PUBLIC_KEY'
  | 'ERR_KEY_MISSING'
  | 'ERR_KEY_AMBIGUOUS'
  | 'ERR_KEY_INVALID'
  | 'ERR_KEY_IS_CERTIFICATE'
  | 'ERR_KEY_UNSUPPORTED'
  | 'ERR_KEY_TOO_SMALL'
  | 'ERR_PASSPHRASE_MISSING'
  | 'ERR_PASSPHRASE_WRONG'
  | 'ERR_FILE_MISSING'
  | 'ERR_FILE_IS_DIRECTORY'
  | 'ERR_FILE_TOO_LARGE'
  | 'ERR_FILE_UNREADABLE'
  | 'ERR_INPUT_EMPTY'
  | 'ERR_INPUT_UNKNOWN'
  | 'ERR_INPUT_DAMAGED'
  | 'ERR_ENCRYPTION_UNSUPPORTED'
  | 'ERR_ENCRYPTION_TOO_COSTLY'
  | 'ERR_PIN_MISSING'
  | 'ERR_PIN_WRONG'
  | 'ERR_PIN_LOCKED'
  | 'ERR_PKCS11_URI_INVALID'
  | 'ERR_PKCS11_UNAVAILABLE'
  | 'ERR_PKCS11_TOKEN_MISSING'
  | 'ERR_PKCS11_TOKEN_AMBIGUOUS'
  | 'ERR_KEY_VAULT_ID_INVALID'
  | 'ERR_KEY_VAULT_REFUSED'
  | 'ERR_KEY_VAULT_UNAVAILABLE'
  | 'ERR_SIGNER_FAILED'
  | 'ERR_ENTRA_REFUSED'
  | 'ERR_ENTRA_UNAVAILABLE'
  | 'ERR_ENTRA_THROTTLED'
  | 'ERR_RESPONSE_INVALID'
  | 'ERR_NO_ANSWER'
  | 'ERR_TIMEOUT'
  | 'ERR_TLS_UNTRUSTED'
  | 'ERR_TLS_FAILED'
  | 'ERR_PROXY_REFUSED'
  | 'ERR_TOKEN_MALFORMED'
  | 'ERR_TOKEN_ALGORITHM'
  | 'ERR_TOKEN_KEY_UNKNOWN'
  | 'ERR_TOKEN_SIGNATURE'
  | 'ERR_TOKEN_EXPIRED'
  | 'ERR_TOKEN_NOT_YET_VALID'
  | 'ERR_TOKEN_ISSUER'
  | 'ERR_TOKEN_AUDIENCE'
  | 'ERR_TOKEN_VERSION'
  | 'ERR_TOKEN_NOT_APP_ONLY'
  | 'ERR_TOKEN_ROLE'
  | 'ERR_TOKEN_CLIENT'
  | 'ERR_TOKEN_CLIENT_CREDENTIAL'
  | 'ERR_TOKEN_CLAIMS'
  | 'ERR_METADATA_INVALID'
  | 'ERR_METADATA_REFUSED'

export interface ErrorOptions {
  readonly cause?: unknown
  readonly hint?: string | undefined
  readonly retryAfterMs?: number | undefined
}

/** Base of every error this package throws on purpose. Branch on `code`; it is stable. */
export class X5tError extends Error {
  override readonly name: string = 'X5tError'
  readonly code: ErrorCode
  /** What the reader can do next: one sentence, no period, never a secret. */
  declare readonly hint: string | undefined
  /** What is left of a wait, whole milliseconds: asked for by the service (`Retry-After`), or the pause after keys could not be fetched. */
  declare readonly retryAfterMs: number | undefined

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    // Where there is none, there is no member either: whoever looks at the error sees what it has.
    if (options.hint !== undefined) this.hint = options.hint
    if (options.retryAfterMs !== undefined) this.retryAfterMs = Math.ceil(options.retryAfterMs)
  }
}

/** The options name a tenant, authority or combination that cannot work. */
export class ConfigurationError extends X5tError {
  override readonly name = 'ConfigurationError'
}

/** A certificate, key or passphrase cannot be used; nothing was sent. */
export class CertificateError extends X5tError {
  override readonly name = 'CertificateError'
}

export interface TokenEndpointDetails extends ErrorOptions {
  readonly status: number
  readonly error?: string | undefined
  readonly errorDescription?: string | undefined
  readonly errorCodes?: readonly number[] | undefined
  readonly suberror?: string | undefined
  readonly claims?: string | undefined
  readonly correlationId?: string | undefined
  readonly traceId?: string | undefined
  readonly retryable?: boolean | undefined
}

/** The token endpoint answered, and the answer is not a token. */
export class TokenEndpointError extends X5tError {
  override readonly name = 'TokenEndpointError'
  /** HTTP status of the answer. */
  readonly status: number
  /** OAuth `error` of the body (RFC 6749 section 5.2), if there was one. */
  readonly error: string | undefined
  /** `error_description` up to its trace lines, anything shaped like a JWT masked. */
  readonly errorDescription: string | undefined
  /** Entra: `error_codes`, the AADSTS numbers. Empty for other servers. */
  readonly errorCodes: readonly number[]
  readonly suberror: string | undefined
  /** Claims the service wants to see in the next request (Conditional Access), JSON text. */
  readonly claims: string | undefined
  readonly correlationId: string | undefined
  readonly traceId: string | undefined
  /** True if the same request may succeed later. */
  readonly retryable: boolean

  constructor(code: ErrorCode, message: string, details: TokenEndpointDetails) {
    super(code, message, details)
    this.status = details.status
    this.error = details.error
    this.errorDescription = details.errorDescription
    this.errorCodes = details.errorCodes ?? []
    this.suberror = details.suberror
    this.claims = details.claims
    this.correlationId = details.correlationId
    this.traceId = details.traceId
    this.retryable = details.retryable ?? false
  }

  /** The first AADSTS number, for people and hints; Microsoft says the numbers may change. */
  get aadsts(): number | undefined {
    return this.errorCodes[0]
  }
}

export interface TransportDetails extends ErrorOptions {
  readonly retryable?: boolean | undefined
  readonly staleConnection?: boolean | undefined
}

/** No usable HTTP answer came: DNS, TCP, TLS, proxy, a time limit, or a broken stream. */
export class TransportError extends X5tError {
  override readonly name = 'TransportError'
  /** True if the same request may succeed later; a certificate nobody trusts will not. */
  readonly retryable: boolean
  /** True if a kept-alive connection turned out to be closed already; the server may never have seen the request. */
  readonly staleConnection: boolean

  constructor(code: ErrorCode, message: string, details: TransportDetails = {}) {
    super(code, message, details)
    this.retryable = details.retryable ?? true
    this.staleConnection = details.staleConnection ?? false
  }
}

/** An access token does not pass the API's check. */
export class TokenValidationError extends X5tError {
  override readonly name = 'TokenValidationError'
}
