import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { test } from 'node:test'
import { demo, startEmulator } from '@x5t/emulator'
import { generateCertificate } from 'x5t'
import type { GraphJob } from './graph-client.ts'

test('Microsoft’s Graph client registers a certificate, pages and reads errors', async (t) => {
  const entra = await startEmulator()
  const folder = mkdtempSync(join(tmpdir(), 'x5t-graph-'))
  t.after(async () => {
    await entra.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  writeFileSync(join(folder, 'ca.pem'), entra.caPem)
  const { certificatePem } = await generateCertificate({ commonName: 'graph client' })
  const certificate = certificatePem.replace(/-----[A-Z ]+-----|\n/g, '')
  const child = spawn(
    process.execPath,
    ['--import', './scripts/typescript.js', join(import.meta.dirname, 'graph-client.ts')],
    {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  const { url, tenantId } = entra
  const job: GraphJob = {
    url,
    tenantId,
    clientId: demo.adminAppId,
    clientSecret: demo.adminSecret,
    certificate,
  }
  child.stdin.end(JSON.stringify(job))
  // as: graph-client.ts prints it so
  const found = (await json(child.stdout)) as Record<'key' | 'found' | 'names' | 'refusal', unknown>
  assert.equal(found.key, certificate)
  assert.equal(found.found, 1)
  assert.deepEqual(found.names, ['demo-daemon', 'cars', 'demo-admin', 'by the graph client'])
  const { statusCode, code, requestId } = found.refusal as Record<string, unknown> // as: printed so
  assert.deepEqual([statusCode, code], [404, 'Request_ResourceNotFound'])
  assert.match(String(requestId), /^[0-9a-f-]{36}$/)
})
