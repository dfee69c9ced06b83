import type { ErrorCode } from 'x5t'
import type { CliErrorCode } from './cli-error.ts'

/** What the process tells its caller; every help text ends with this list. */
export const exitCodes = {
  0: 'done, or nothing to do',
  1: 'unexpected: a bug of x5t',
  2: 'usage: unknown option, missing value, question that may not be asked',
  3: 'configuration or certificate: file, passphrase, mismatch, expired',
  4: 'refused by Entra; the AADSTS number is in the message',
  5: 'no answer: DNS, TLS, proxy, timeout, server error; worth a retry',
  6: 'a check said no: the token is not valid',
  7: 'stopped half-way, can be resumed',
  130: 'interrupted',
} as const

export type ExitCode = keyof typeof exitCodes

/** Codes this table does not know are ours to explain: 1. */
export function exitCodeOf(code: string): ExitCode {
  return Object.hasOwn(byCode, code) ? byCode[code as keyof typeof byCode] : 1 // hasOwn just proved the key
}

const byCode: Record<ErrorCode | CliErrorCode, ExitCode> = {
  ERR_USAGE: 2,
  ERR_CONFIG_MISSING: 3,
  ERR_CONFIG_INVALID: 3,
  ERR_FILE_EXISTS: 3,
  ERR_FILE_UNWRITABLE: 3,
  ERR_PORT_IN_USE: 3,
  ERR_EMULATOR_REFUSED: 4,
  ERR_AUTHORITY_INVALID: 3,
  ERR_TENANT_INVALID: 3,
  ERR_PROXY_INVALID: 3,
  ERR_CERT_MISSING: 3,
  ERR_CERT_INVALID: 3,
  ERR_CERT_AMBIGUOUS: 3,
  ERR_CERT_EXPIRED: 3,
  ERR_CERT_NOT_YET_VALID: 3,
  ERR_CERT_KEY_MISMATCH: 3,
  ERR_KEY_MISSING: 3,
  ERR_KEY_INVALID: 3,
  ERR_KEY_UNSUPPORTED: 3,
  ERR_KEY_TOO_SMALL: 3,
  ERR_PASSPHRASE_MISSING: 3,
  ERR_PASSPHRASE_WRONG: 3,
  ERR_FILE_UNREADABLE: 3,
  ERR_CERT_IS_PUBLIC_KEY: 3,
  ERR_KEY_IS_CERTIFICATE: 3,
  ERR_FILE_MISSING: 3,
  ERR_FILE_IS_DIRECTORY: 3,
  ERR_FILE_TOO_LARGE: 3,
  ERR_INPUT_EMPTY: 3,
  ERR_INPUT_UNKNOWN: 3,
  ERR_INPUT_DAMAGED: 3,
  ERR_ENCRYPTION_UNSUPPORTED: 3,
  ERR_ENCRYPTION_TOO_COSTLY: 3,
  ERR_SIGNER_FAILED: 3,
  ERR_ENTRA_REFUSED: 4,
  ERR_ENTRA_UNAVAILABLE: 5,
  ERR_ENTRA_THROTTLED: 5,
  ERR_RESPONSE_INVALID: 5,
  ERR_NO_ANSWER: 5,
  ERR_TIMEOUT: 5,
  ERR_TLS_UNTRUSTED: 5,
  ERR_TLS_FAILED: 5,
  ERR_PROXY_REFUSED: 5,
  ERR_METADATA_INVALID: 5,
  ERR_TOKEN_MALFORMED: 6,
  ERR_TOKEN_ALGORITHM: 6,
  ERR_TOKEN_KEY_UNKNOWN: 6,
  ERR_TOKEN_SIGNATURE: 6,
  ERR_TOKEN_EXPIRED: 6,
  ERR_TOKEN_NOT_YET_VALID: 6,
  ERR_TOKEN_ISSUER: 6,
  ERR_TOKEN_AUDIENCE: 6,
  ERR_TOKEN_VERSION: 6,
  ERR_TOKEN_NOT_APP_ONLY: 6,
  ERR_TOKEN_ROLE: 6,
  ERR_TOKEN_CLIENT: 6,
  ERR_TOKEN_CLIENT_CREDENTIAL: 6,
  ERR_TOKEN_CLAIMS: 6,
}
