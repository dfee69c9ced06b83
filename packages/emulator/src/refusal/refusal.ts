import { type AadstsCode, type RefusalValues, refusals } from './refusals.ts'

/** The service says no. Thrown by a step of the judgement, answered by one place. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly aadsts: AadstsCode
  readonly values: RefusalValues

  constructor(aadsts: AadstsCode, values: RefusalValues = {}) {
    super(refusals[aadsts].text(values))
    this.aadsts = aadsts
    this.values = values
  }
}

/** Ids that tie an answer to its request: the client's correlation id, and the server's own trace id. */
export interface Trace {
  readonly traceId: string
  readonly correlationId: string
}

/**
 * Entra's error body. `error_description`, `error`, `error_codes`, `error_uri` and the ids all come from the same
 * row, so they cannot disagree.
 */
export function refusalBody(
  refusal: Refusal,
  trace: Trace,
  options: { origin: string; now: number; error?: string },
) {
  const row = refusals[refusal.aadsts]
  const timestamp = `${new Date(options.now).toISOString().slice(0, 19).replace('T', ' ')}Z`
  const ids = `Trace ID: ${trace.traceId} Correlation ID: ${trace.correlationId} Timestamp: ${timestamp}`
  return {
    error: options.error ?? row.error,
    error_description: `AADSTS${refusal.aadsts}: ${refusal.message} ${ids}`,
    error_codes: [refusal.aadsts],
    timestamp,
    trace_id: trace.traceId,
    correlation_id: trace.correlationId,
    ...(!('withoutUri' in row) && { error_uri: `${options.origin}/error?code=${refusal.aadsts}` }),
  }
}
