import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type Meter, type Span, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api'

/** The messages of docs/events.md that become telemetry here. */
interface Messages {
  'x5t:request': { requestId: string; endpoint: string; attempt: number }
  'x5t:response': { requestId: string; durationMs: number; status: number | undefined; error?: Failure }
  'x5t:retry': { reason: string }
  'x5t:refresh': { scope?: string; resource?: string; failures: number; error?: Failure }
  'x5t:adoption': { outcome: string }
  'x5t:challenge': { origin: string }
}

interface Failure extends Error {
  readonly code?: string
}

type Channel = keyof Messages

/**
 * Makes a client span of every token request, a child of the span in which it was asked for, and counts what happens
 * around it. Names of attributes are those of OpenTelemetry's conventions for HTTP clients where there is one.
 *
 * @returns Ends the subscriptions.
 */
export function watchTokens(tracer: Tracer, meter: Meter): () => void {
  const spans = new Map<string, Span>()
  const duration = meter.createHistogram('x5t.token_request.duration', { unit: 's' })
  const retries = meter.createCounter('x5t.retries')
  const refreshes = meter.createCounter('x5t.refreshes')
  const adoptions = meter.createCounter('x5t.adoptions')
  const challenges = meter.createCounter('x5t.challenges')

  const stops = [
    on('x5t:request', ({ requestId, endpoint, attempt }) => {
      const { hostname, port } = new URL(endpoint)
      const attributes = {
        'http.request.method': 'POST',
        'http.request.resend_count': attempt - 1,
        'server.address': hostname,
        'server.port': Number(port || 443),
        'url.full': endpoint,
        'x5t.request_id': requestId,
      }
      spans.set(requestId, tracer.startSpan('x5t token request', { kind: SpanKind.CLIENT, attributes }))
    }),
    on('x5t:response', ({ requestId, durationMs, status, error }) => {
      const outcome = {
        ...(status !== undefined && { 'http.response.status_code': status }),
        ...(error !== undefined && { 'error.type': error.code ?? error.name }),
      }
      duration.record(durationMs / 1_000, outcome)
      const span = spans.get(requestId)
      spans.delete(requestId)
      span?.setAttributes(outcome)
      if (error !== undefined) span?.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
      span?.end()
    }),
    on('x5t:retry', ({ reason }) => retries.add(1, { reason })),
    on('x5t:refresh', ({ scope, resource, error }) =>
      refreshes.add(1, {
        target: scope ?? resource ?? '',
        outcome: error?.code ?? error?.name ?? 'refreshed',
      }),
    ),
    on('x5t:adoption', ({ outcome }) => adoptions.add(1, { outcome })),
    on('x5t:challenge', ({ origin }) => challenges.add(1, { origin })),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

function on<C extends Channel>(name: C, listen: (message: Messages[C]) => void): () => void {
  // docs/events.md says what each channel carries.
  const listener = (message: unknown) => listen(message as Messages[C])
  subscribe(name, listener)
  return () => unsubscribe(name, listener)
}
