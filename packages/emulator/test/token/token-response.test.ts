import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { decodeJwt } from 'jose'
import { bodyOf, createStage, type Stage, seconds, tenantId } from '../support/stage.ts'

const graph = 'https://graph.microsoft.com'
let stage: Stage
before(async () => {
  stage = await createStage()
})

test('a v2 answer has numbers, in the order of the service', async () => {
  const response = await stage.post(await stage.form())
  const { access_token, ...rest } = await bodyOf(response)
  assert.equal(JSON.stringify(rest), '{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599}')
  assert.equal(typeof access_token, 'string')
})

test('a v1 answer has strings, and the resource as it was asked for', async () => {
  const form = await stage.form({ scope: undefined, resource: `${graph}/` })
  const { access_token, ...rest } = await bodyOf(stage.post(form, { path: `/${tenantId}/oauth2/token` }))
  assert.deepEqual(Object.entries(rest), [
    ['token_type', 'Bearer'],
    ['expires_in', '3599'],
    ['ext_expires_in', '3599'],
    ['expires_on', String(seconds + 3600)],
    ['not_before', String(seconds - 300)],
    ['resource', `${graph}/`],
  ])
  assert.equal(decodeJwt(access_token).aud, `${graph}/`)
})

test('a token of a day asks to be refreshed at half time', async () => {
  const long = await createStage({}, { tokenLifetimeSeconds: 86_400 })
  const body = await bodyOf(long.post(await long.form()))
  assert.deepEqual(Object.keys(body).slice(0, 4), [
    'token_type',
    'expires_in',
    'ext_expires_in',
    'refresh_in',
  ])
  assert.deepEqual([body.expires_in, body.refresh_in], [86_399, 43_199])
})

test('the moment of refresh can be set', async () => {
  const early = await createStage({}, { refreshInSeconds: 10 })
  assert.equal((await bodyOf(early.post(await early.form()))).refresh_in, 10)
})

/** Lifetimes left to chance. */
async function lifetimes(changes: Record<string, string>): Promise<number[]> {
  const random = await createStage({}, { tokenLifetimeSeconds: undefined })
  const bodies = Array.from({ length: 20 }, async () => bodyOf(random.post(await random.form(changes))))
  return (await Promise.all(bodies)).map(({ access_token }) => Number(decodeJwt(access_token).exp) - seconds)
}

test('lifetimes are drawn from 60 to 90 minutes', async () => {
  const drawn = await lifetimes({})
  assert.ok(drawn.every((lifetime) => lifetime >= 3600 && lifetime <= 5400))
  assert.ok(new Set(drawn).size > 1)
})

test('a client that answers challenges gets a day of Graph, and its capability in the token', async () => {
  const claims = '{"access_token":{"xms_cc":{"values":["cp1"]}}}'
  const drawn = await lifetimes({ claims, scope: `${graph}/.default` })
  assert.ok(drawn.every((lifetime) => lifetime >= 72_000 && lifetime <= 100_800))
  const own = await lifetimes({ claims })
  assert.ok(own.every((lifetime) => lifetime <= 5400))
  const body = await bodyOf(stage.post(await stage.form({ claims, scope: `${graph}/.default` })))
  assert.deepEqual(decodeJwt(body.access_token).xms_cc, ['cp1'])
})

test('the headers of a token answer are those of the service', async () => {
  const telemetry = { 'x-client-current-telemetry': '5|771,2,,,|,' }
  const { headers } = await stage.post(await stage.form(telemetry))
  const expected = {
    'cache-control': 'no-store, no-cache',
    pragma: 'no-cache',
    expires: '-1',
    'content-type': 'application/json; charset=utf-8',
    'x-content-type-options': 'nosniff',
    p3p: 'CP="DSP CUR OTPi IND OTRi ONL FIN"',
    'x-xss-protection': '0',
    'x-ms-clitelem': '1,0,0,,',
    date: 'Mon, 14 Sep 2026 08:12:31 GMT',
  }
  for (const [name, value] of Object.entries(expected)) assert.equal(headers.get(name), value, name)
  assert.match(headers.get('x-ms-request-id') ?? '', /^[-0-9a-f]{36}$/)
  assert.match(headers.get('x-ms-ests-server') ?? '', /^[\d.]+ - /)
  assert.equal(headers.get('access-control-allow-origin'), null)
  assert.equal(headers.get('client-request-id'), null)
})
