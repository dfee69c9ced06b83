import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { test } from 'node:test'
import { context, SpanStatusCode } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { createClient, generateCertificate, loadCredential } from 'x5t'
import { watchTokens } from '../examples/opentelemetry/telemetry.ts'

const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'telemetry' })
const credential = await loadCredential({ pem: privateKeyPem + certificatePem })
const json = { 'content-type': 'application/json' }
const token = '{"token_type":"Bearer","expires_in":1000,"access_token":"the-token"}'

/** Reads what the official SDKs recorded, by their in-memory exporters. */
function startRecording() {
  const spanExporter = new InMemorySpanExporter()
  const tracer = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(spanExporter)],
  }).getTracer('test')
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const meters = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: metricExporter })],
  })
  const stop = watchTokens(tracer, meters.getMeter('test'))
  return {
    tracer,
    spans: () => spanExporter.getFinishedSpans(),
    stop,
    async metrics() {
      await meters.forceFlush()
      const { scopeMetrics } = metricExporter.getMetrics().at(-1) ?? { scopeMetrics: [] }
      const points = scopeMetrics.flatMap(({ metrics }) =>
        metrics.flatMap(({ descriptor, dataPoints }) =>
          dataPoints.map(({ attributes, value }) => [
            descriptor.name,
            attributes,
            typeof value === 'number' ? value : value.count,
          ]),
        ),
      )
      await meters.shutdown()
      return points
    },
  }
}

test('spans and metrics of the example say what happened to a token', async (test) => {
  // Pauses are a random share; a share of nothing makes the test quick.
  test.mock.method(Math, 'random', () => 0)
  const time = { now: 1_900_000_000_000 }
  const answers = [
    () => new Response('{"error":"temporarily_unavailable"}', { status: 503, headers: json }),
    () => new Response(token, { headers: json }),
    () => new Response('{"error":"invalid_client"}', { status: 401, headers: json }),
  ]
  const client = createClient({
    tenant: 'contoso.com',
    clientId: 'app',
    credential,
    now: () => time.now,
    fetch: async () => answers.shift()?.() ?? new Response('', { status: 500 }),
  })
  const scope = 'https://graph.microsoft.com/.default'
  const { tracer, spans, metrics, stop } = startRecording()
  const refreshed = new Promise<void>((resolve) => {
    const listen = () => {
      unsubscribe('x5t:refresh', listen)
      resolve()
    }
    subscribe('x5t:refresh', listen)
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  try {
    await tracer.startActiveSpan('the caller', async (span) => {
      const { refreshAt } = await client.getToken({ scope })
      time.now = refreshAt + 1
      await client.getToken({ scope })
      span.end()
    })
    await refreshed
  } finally {
    stop()
    context.disable()
  }

  const caller = spans().find(({ name }) => name === 'the caller')
  const requests = spans().filter(({ name }) => name === 'x5t token request')
  assert.deepEqual(
    requests.map(({ attributes, status, parentSpanContext }) => [
      attributes['http.response.status_code'],
      attributes['http.request.resend_count'],
      attributes['error.type'],
      status.code,
      parentSpanContext?.spanId === caller?.spanContext().spanId,
    ]),
    [
      [503, 0, 'ERR_ENTRA_UNAVAILABLE', SpanStatusCode.ERROR, true],
      [200, 1, undefined, SpanStatusCode.UNSET, true],
      [401, 0, 'ERR_ENTRA_REFUSED', SpanStatusCode.ERROR, true],
    ],
  )
  assert.deepEqual(
    requests.map(({ attributes }) => attributes['url.full']),
    Array(3).fill('https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token'),
  )

  const durations = 'x5t.token_request.duration'
  const refused = { 'http.response.status_code': 401, 'error.type': 'ERR_ENTRA_REFUSED' }
  const unavailable = { 'http.response.status_code': 503, 'error.type': 'ERR_ENTRA_UNAVAILABLE' }
  assert.deepEqual(await metrics(), [
    [durations, unavailable, 1],
    [durations, { 'http.response.status_code': 200 }, 1],
    [durations, refused, 1],
    ['x5t.retries', { reason: 'failure' }, 1],
    ['x5t.refreshes', { target: scope, outcome: 'ERR_ENTRA_REFUSED' }, 1],
  ])
})
