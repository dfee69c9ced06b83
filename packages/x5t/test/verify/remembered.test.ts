import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVerifier } from '../../src/verify/index.ts'
import { createRemembered } from '../../src/verify/remembered.ts'
import { apiId, entraFetch, newKey, noon, sign, tenant, v2Claims } from './issuer.ts'

const key = newKey('first')
const hour = 3_600_000

function start(rememberTokens?: number) {
  const service = { keys: [key], now: noon }
  const { fetch } = entraFetch(() => service.keys.map(({ jwk }) => jwk))
  const now = () => service.now
  const roles = ['Cars.Read']
  return { service, verifier: createVerifier({ tenant, audience: apiId, roles, fetch, now, rememberTokens }) }
}

test('a token seen before gives the very result of the first time; off, it gives a new one', async () => {
  const token = sign(key, v2Claims())
  const { verifier } = start()
  assert.equal(await verifier.verify(token), await verifier.verify(token))
  const forgetful = start(0).verifier
  assert.notEqual(await forgetful.verify(token), await forgetful.verify(token))
})

test('what is remembered cannot be changed by who got it', async () => {
  const { verifier } = start()
  const { claims } = await verifier.verify(sign(key, v2Claims()))
  assert.throws(() => Object.assign(claims.roles ?? [], ['Admin']), TypeError)
  assert.throws(() => Object.assign(claims, { tid: 'other' }), TypeError)
})

test('a remembered token still expires', async () => {
  const { service, verifier } = start()
  const token = sign(key, v2Claims())
  await verifier.verify(token)
  service.now += hour + 300_000
  await assert.rejects(verifier.verify(token), { code: 'ERR_TOKEN_EXPIRED' })
})

test('a remembered token is not yet valid when the clock is set back', async () => {
  const { service, verifier } = start()
  const token = sign(key, v2Claims())
  await verifier.verify(token)
  service.now -= hour
  await assert.rejects(verifier.verify(token), { code: 'ERR_TOKEN_NOT_YET_VALID' })
})

for (const [what, successor] of [
  ['left the key set', newKey('second')],
  ['gave its name to another', newKey('first')],
] as const) {
  test(`a remembered token is refused once its key ${what}`, async () => {
    const { service, verifier } = start()
    const token = sign(key, v2Claims({ exp: noon / 1_000 + 100_000 }))
    await verifier.verify(token)
    service.keys = [successor]
    service.now += 24 * hour
    await assert.rejects(verifier.verify(token), { name: 'TokenValidationError' })
  })
}

test('the memory holds no more than it may, and keeps what is asked for', () => {
  const remembered = createRemembered<number>(10)
  remembered.set('asked', 0)
  for (let at = 0; at < 1_000; at++) {
    remembered.set(`token ${at}`, at)
    assert.equal(remembered.get('asked'), 0)
  }
  const kept = Array.from({ length: 1_000 }, (_, at) => remembered.get(`token ${at}`))
  assert.ok(kept.filter((value) => value !== undefined).length < 10)
})
