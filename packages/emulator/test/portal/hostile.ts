import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get } from 'node:http'
import { test } from 'node:test'
import fc from 'fast-check'
import { startEmulator } from '../../src/start-emulator.ts'
import { origin, tenantId } from '../support/stage.ts'
import { openPortal, portal } from './support.ts'

const places = [
  '',
  '/requests',
  '/requests/1',
  '/requests/1/compare',
  '/token',
  '/weather',
  '/connect',
  '/reset',
  `/tenants/${tenantId}/apps/x/certificates/y/remove`,
]
const names = [
  'app',
  'endpoint',
  'result',
  'aadsts',
  'before',
  'token',
  'request',
  'audience',
  'role',
  'kind',
  'done',
]

test('any query of any page is answered, and never as markup', async () => {
  const { get: ask, post, form } = await openPortal()
  await post(await form())
  const query = fc.array(
    fc.tuple(fc.constantFrom(...names), fc.oneof(fc.string(), fc.constant('<b id=x>'))),
    { maxLength: 4 },
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), query, async (place, pairs) => {
      const response = await ask(`${portal}${place}?${new URLSearchParams(pairs)}`)
      assert.ok(response.status < 500, `${place} was answered ${response.status}`)
      assert.ok(!(await response.text()).includes('<b id=x>'))
    }),
    { numRuns: 150 },
  )
})

test('any body of any form is answered', async () => {
  const { app, client } = await openPortal()
  const at = `/tenants/${tenantId}/apps/${client.appId}`
  const forms = [
    `${at}/upload`,
    `${at}/certificates`,
    '/requests/1/replay',
    '/token',
    '/weather',
    '/weather/clear',
    '/clock',
    '/import',
  ]
  const types = [
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'multipart/form-data',
    'text/plain',
  ]
  const fields = [
    'kind',
    'ms',
    'count',
    'probability',
    'advance',
    'set',
    'frozen',
    'reset',
    'id',
    'token',
    'certificate',
    'clock',
  ]
  const body = fc.oneof(
    fc.string(),
    fc
      .array(
        fc.tuple(fc.constantFrom(...fields), fc.oneof(fc.string(), fc.constantFrom('latency', 'PT5M', '1'))),
        { maxLength: 5 },
      )
      .map((pairs) => new URLSearchParams(pairs).toString()),
    fc
      .string()
      .map(
        (text) => `--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n${text}\r\n--x--`,
      ),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...forms), fc.constantFrom(...types), body, async (form, type, sent) => {
      const headers = { origin, 'content-type': type }
      const response = await app.request(`${origin}${portal}${form}`, { method: 'POST', headers, body: sent })
      assert.ok(response.status < 500, `${form} was answered ${response.status}: ${await response.text()}`)
    }),
    { numRuns: 200 },
  )
})

test('requests of any kind can be looked at afterwards', async () => {
  const stage = await openPortal()
  const huge = 'x'.repeat(20_000)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const bodies = [
    Array.from({ length: 200 }, (_, index) => `field${index}=${huge.slice(0, 100)}`).join('&'),
    new URLSearchParams({ [huge]: huge, client_id: huge }).toString(),
    await stage.form({
      client_assertion: `${part({ alg: 'PS256', x5t: huge })}.${part({ iss: [1], nbf: 1e300, exp: '1e9', aud: { a: huge } })}.AAAA`,
    }),
    await stage.form({
      client_assertion: `${part({ alg: 'PS256', kid: '\u202e\u0000<i>' })}.${part({ nbf: -1e12 })}.AAAA`,
    }),
    '%00=%00&grant_type=client_credentials&client_id=%F0%9F%92%A9',
  ]
  for (const body of bodies) await stage.post(body)
  for (let number = 1; number <= bodies.length; number += 1) {
    for (const place of [`/requests/${number}`, `/requests/${number}/compare`]) {
      const { status, text } = await stage.page(place)
      assert.equal(status, 200, place)
      assert.ok(text.length < 200_000, `${place} is ${text.length} characters long`)
      assert.ok(!text.includes('<i>'))
    }
  }
  assert.equal((await stage.page('/requests')).status, 200)
})

test('readers of events that go away make room for others, and stopping ends those that stay', async () => {
  const entra = await startEmulator({ http: true })
  const open = async () => {
    const request = get(`${entra.url}/_emulator/requests/events`)
    const [response] = await once(request, 'response')
    return { request, response }
  }
  try {
    for (let opened = 0; opened < 70; opened += 1) {
      const { request, response } = await open()
      assert.equal(response.statusCode, 200, `reader ${opened}`)
      if (opened === 69) response.on('error', () => {})
      else request.destroy()
    }
  } finally {
    await entra.stop()
  }
})
