import { TransportError } from '../errors.ts'

/** Longest time for each phase of one exchange, milliseconds. Together they bound a service that drips. */
export const phaseLimits = {
  /** Name lookup, TCP and TLS. */
  connect: 10_000,
  /** From the last byte of the request to the headers of the answer. */
  headers: 15_000,
  /** The whole body. */
  body: 10_000,
} as const

export type Phase = keyof typeof phaseLimits
export type PhaseLimits = Readonly<Record<Phase, number>>

/**
 * How connections are kept. Without a limit, whatever `Agent.defaultMaxSockets` of the process says: no request waits
 * for the connection of another, so one that has none at once opens its own, and the limit of that phase is for that.
 */
export const kept = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY } as const

/** Longest body that is read where the request names no other; a token response is 2-4 KiB. */
export const maxBodyBytes = 1_048_576

export function phaseTimedOut(phase: Phase, host: string, ms: number): TransportError {
  const what = {
    connect: 'did not accept a connection',
    headers: 'sent no answer',
    body: 'did not finish its answer',
  }
  return new TransportError('ERR_TIMEOUT', `${host} ${what[phase]} within ${ms / 1_000} s`, {
    hint: phase === 'connect' ? 'check the network, a firewall, or HTTPS_PROXY' : undefined,
  })
}

export function bodyTooLarge(host: string, maxBytes: number): TransportError {
  return new TransportError('ERR_RESPONSE_INVALID', `${host} sent more than ${maxBytes} bytes`, {
    retryable: false,
  })
}
