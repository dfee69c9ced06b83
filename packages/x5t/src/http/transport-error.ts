import { TransportError } from '../errors.ts'
import { excerpt, mask, shownAddresses } from '../internal/redact.ts'
import { isIssuerUnknown } from './issuer-unknown.ts'

/** Says what a failed connection means to the person who has to mend it. */
export function toTransportError(thrown: unknown, host: string, staleConnection: boolean): TransportError {
  if (thrown instanceof TransportError) return thrown
  const cause = describedCause(innermost(thrown))
  const { code = '', message } = cause
  if (isIssuerUnknown(code) || unfit.has(code)) {
    const reason = code === 'UNSPECIFIED' ? excerpt(message) : code
    const said = `the TLS certificate of ${host} is not trusted (${reason})`
    const hint = isIssuerUnknown(code)
      ? 'name the CA that issued it in NODE_EXTRA_CA_CERTS or in the ca option'
      : 'check the address and the clock of this machine; else who runs the server has to replace it'
    return new TransportError('ERR_TLS_UNTRUSTED', said, { cause, retryable: false, hint })
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return new TransportError('ERR_TLS_FAILED', `${host} did not complete a TLS handshake`, {
      cause,
      retryable: false,
      hint: 'check that the address is an https one, and whether a proxy stands in between',
    })
  }
  const reason =
    known[code] ?? (code.startsWith('HPE_') ? `what came is not HTTP (${code})` : code || message)
  return new TransportError('ERR_NO_ANSWER', `no answer from ${host}: ${reason}`, {
    cause,
    staleConnection,
    hint: hints[code],
  })
}

/**
 * What an error says of itself, and nothing it carries along: Node attaches the bytes that were not HTTP, and an
 * injected `fetch` may attach the whole request, with the assertion in it.
 */
function describedCause(error: Error): Error & { code?: string } {
  const code = 'code' in error && /^\w{1,64}$/.test(String(error.code)) ? String(error.code) : undefined
  const cause = new Error(excerpt(shownAddresses(error.message), 200))
  cause.name = excerpt(error.name)
  cause.stack = mask(shownAddresses(error.stack ?? ''))
  return Object.assign(cause, code === undefined ? {} : { code })
}

/** What else OpenSSL holds against a certificate. Node: `UNSPECIFIED` is all that it has no name for, as a weak key. */
const unfit = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNSPECIFIED',
])

const known: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EAI_AGAIN: 'name lookup failed',
  ENOTFOUND: 'the name does not resolve',
  EPIPE: 'connection closed',
  HPE_HEADER_OVERFLOW: 'its headers are longer than 16 KiB',
  ETIMEDOUT: 'connection timed out',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
}

const hints: Record<string, string> = {
  ECONNREFUSED: 'check that the server runs and listens on this port',
  EAI_AGAIN: 'check the network and DNS',
  ENOTFOUND: 'check the spelling of the host and DNS',
}

/**
 * `fetch` wraps the interesting error in `cause`, and `net` collects one per address in `errors`. Not followed further
 * than `left`: an error may be its own cause.
 */
function innermost(error: unknown, left = 16): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if (left === 0) return error
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0], left - 1)
  return error.cause instanceof Error ? innermost(error.cause, left - 1) : error
}
