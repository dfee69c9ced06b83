const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EAI_AGAIN: 'the name lookup failed',
  ENOTFOUND: 'the name does not resolve',
  EPIPE: 'connection closed',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
}

/** Why a connection was not made, in words; the innermost reason that Node gives. */
export function reasonOf(error: unknown): { code: string; reason: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_'))
    return { code, reason: `what came is not TLS (${code})` }
  const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  return { code, reason: reasons[code] ?? (message || code) }
}
