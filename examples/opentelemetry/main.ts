/** Two tokens from the emulator, a refusal, and what OpenTelemetry sees of them, on the console. */
import { metrics, trace } from '@opentelemetry/api'
import {
  ConsoleMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, ConsoleSpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { startEmulator } from '@x5t/emulator'
import { createClient, generateCertificate, loadCredential } from 'x5t'
import { watchTokens } from './telemetry.ts'

const readers = [new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() })]
const meters = new MeterProvider({ readers })
metrics.setGlobalMeterProvider(meters)
const spanProcessors = [new SimpleSpanProcessor(new ConsoleSpanExporter())]
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }))

const stop = watchTokens(trace.getTracer('x5t'), metrics.getMeter('x5t'))
const entra = await startEmulator()
try {
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'billing' })
  const { appId } = entra.addApp({ name: 'billing', certificates: [certificatePem] })
  const credential = await loadCredential({ pem: privateKeyPem + certificatePem })
  const { tenantId: tenant, url: authority, caPem: ca } = entra
  const client = createClient({ tenant, authority, ca, clientId: appId, credential })
  await client.getToken({ scope: 'https://graph.microsoft.com/.default' })
  await client.getToken({ scope: 'https://graph.microsoft.com/.default' })
  await client.getToken({ scope: 'https://nowhere.example/.default' }).catch(() => {})
} finally {
  stop()
  await entra.stop()
  await meters.shutdown()
}
