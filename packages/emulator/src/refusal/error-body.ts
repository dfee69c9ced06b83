import type { Refusal } from './refusal.ts'

/** The JSON that Entra's token and discovery endpoints answer a refusal with, in the service's field order. */
export interface ErrorBody {
  readonly error: string
  readonly error_description: string
  readonly error_codes: readonly number[]
  /** `yyyy-MM-dd HH:mm:ssZ`, UTC. */
  readonly timestamp: string
  /** Made by the server; equals the `x-ms-request-id` header. */
  readonly trace_id: string
  /** The client's `client-request-id` where it sent one. */
  readonly correlation_id: string
  readonly error_uri?: string
}

/**
 * @param at.now - Epoch milliseconds.
 * @param at.origin - Of the host that served the request; `error_uri` points there.
 */
export function errorBody(
  refusal: Refusal,
  at: { now: number; traceId: string; correlationId: string; origin: string },
): ErrorBody {
  const { aadsts, error, text, hasUri } = refusal
  const { traceId, correlationId, origin } = at
  const timestamp = `${new Date(at.now).toISOString().slice(0, 19).replace('T', ' ')}Z`
  return {
    error,
    // Entra: the parts are separated by one space since late 2023, by CR LF before.
    error_description: `AADSTS${aadsts}: ${text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [aadsts],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    ...(hasUri ? { error_uri: `${origin}/error?code=${aadsts}` } : {}),
  }
}
