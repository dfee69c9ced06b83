import assert from 'node:assert/strict'
import { test } from 'node:test'
import { demo } from '@x5t/emulator'
import { entra, pair, setUp, stage } from './support/token-stage.ts'

/** What `x5t token` waits for, and says while it waits. */

test('--wait asks until the certificate is known, and says how long it has waited', async () => {
  const { appId } = entra.addApp({
    name: 'late',
    grants: [{ resourceAppId: demo.carsAppId, role: 'Cars.Read' }],
  })
  setUp({ clientId: appId })
  const began = Date.now()
  let now = began
  const waiting = {
    now: () => now,
    pause: async (ms: number) => {
      now += ms
      if (now > began + 6_000) entra.addCertificate({ appId, certificate: pair.certificatePem })
    },
  }
  const { code, stdout, stderr } = await stage.x5t(['token', '--wait', '5m'], waiting)
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^eyJ/)
  assert.match(
    stderr,
    /^waiting for Entra to accept the new certificate … 0 s of 5 min \(probe 1: key not found yet\)\n.*3 s of 5 min \(probe 2/,
  )
})

test('--wait ends at its limit with the refusal, and waits for nothing else', async () => {
  const { appId } = entra.addApp({ name: 'never' })
  setUp({ clientId: appId })
  let now = Date.now()
  let pauses = 0
  const waiting = {
    now: () => now,
    pause: async (ms: number) => {
      now += ms
      pauses++
    },
  }
  const { code, stderr } = await stage.x5t(['token', '--wait', '10s'], waiting)
  assert.equal(code, 4)
  assert.match(stderr, /AADSTS700027[\s\S]*ERR_ENTRA_REFUSED/)
  assert.equal(pauses, 3)
  setUp({ clientId: demo.tenantId })
  assert.match((await stage.x5t(['token', '--wait', '10s'], waiting)).stderr, /AADSTS700016/)
  assert.equal(pauses, 3)
  assert.equal((await stage.x5t(['token', '--wait', 'soon'])).code, 2)
})
