import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get } from 'node:https'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { startEmulator } from '../../src/start-emulator.ts'
import { origin, tenantId } from '../support/stage.ts'
import { openPortal, words } from './support.ts'

test('the page names every address of each tenant, and lines for six clients', async () => {
  const { page, client, api } = await openPortal()
  const shown = words((await page('/connect')).text)
  for (const address of [
    'oauth2/v2.0/token',
    'oauth2/token',
    'v2.0/.well-known/openid-configuration',
    'discovery/v2.0/keys',
  ])
    assert.ok(shown.includes(`${origin}/${tenantId}/${address}`), address)
  for (const name of [
    'Node, x5t',
    'Node, MSAL',
    'Python, azure-identity',
    '.NET, Azure.Identity',
    'Go, azidentity',
    'curl',
  ])
    assert.ok(shown.includes(name), name)
  assert.ok(shown.includes(client.appId) && shown.includes(`api://${api.appId}/.default`))
})

test('the state is exported, imported as a file, and reset after a question', async () => {
  const portal = await openPortal()
  const state = await (await portal.get('/_emulator/export')).text()
  portal.control.addApp({ name: 'late' })
  const imported = await portal.upload('/import', state, 'emulator.json')
  assert.deepEqual([imported.status, imported.location], [303, '/_emulator/portal/connect?done=imported'])
  assert.doesNotMatch((await portal.page()).text, /late/)
  assert.match(words((await portal.page()).text), /billing/)
  const bad = await portal.upload('/import', '{"tenants":[{"id":"x"}]}', 'emulator.json')
  assert.equal(bad.status, 400)
  assert.match(words(bad.text), /import: tenants\[0\]\.id: expected a GUID/)
  assert.match(words((await portal.upload('/import', 'x', 'x.json')).text), /the file is not JSON/)
  assert.match(words((await portal.page('/reset')).text), /Reset the emulator\?/)
  assert.match(words((await portal.page()).text), /billing/)
  assert.equal((await portal.postForm('/reset')).status, 303)
  assert.doesNotMatch((await portal.page()).text, /billing/)
})

test('the signing key rolls', async () => {
  const portal = await openPortal()
  const { kid } = portal.signingKeys.current()
  await portal.postForm('/signing-keys/roll')
  assert.notEqual(portal.signingKeys.current().kid, kid)
})

test('the certificate authority can be downloaded where there is one', async () => {
  const plain = await openPortal()
  assert.equal((await plain.get('/_emulator/ca.pem')).status, 404)
  const entra = await startEmulator()
  try {
    const outgoing = get(`${entra.url}/_emulator/ca.pem`, { ca: entra.caPem })
    const [incoming] = await once(outgoing, 'response')
    assert.equal(await text(incoming), entra.caPem)
  } finally {
    await entra.stop()
  }
})
