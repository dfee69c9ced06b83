import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVerifier, type EntraOptions } from '../../src/verify/index.ts'
import { deferred, settled } from '../support/deferred.ts'
import { apiId, entraFetch, issuers, newKey, noon, sign, tenant, v2Claims } from './issuer.ts'

const first = newKey('first')
const second = newKey('second')
const minute = 60_000
const hour = 60 * minute

/** A verifier with a clock to turn, keys to roll and a service to switch off. */
function start(options: Partial<EntraOptions> = {}) {
  const entra = entraFetch(() => service.keys.map(({ jwk }) => jwk))
  const service = {
    keys: [first],
    now: noon,
    isDown: false,
    gate: Promise.resolve(),
    count: (end = '/keys') => entra.fetched.filter((url) => url.endsWith(end)).length,
  }
  const verifier = createVerifier({
    tenant,
    audience: apiId,
    roles: ['Cars.Read'],
    now: () => service.now,
    fetch: async (input) => {
      const response = await entra.fetch(input)
      await service.gate
      if (service.isDown) throw new TypeError('fetch failed')
      return response
    },
    ...options,
  } as EntraOptions) // tests add options, they replace none of the choice of tenant
  /** Signs at the time of the clock. */
  const token = (key = first) =>
    sign(key, v2Claims({ nbf: service.now / 1_000, exp: service.now / 1_000 + 3_600 }))
  return { service, verifier, token }
}

const unknownKey = { code: 'ERR_TOKEN_KEY_UNKNOWN' }

test('a thousand callers on a cold start cause one fetch of metadata and one of keys', async () => {
  const { service, verifier, token } = start()
  await Promise.all(Array.from({ length: 1_000 }, () => verifier.verify(token())))
  assert.equal(service.count('openid-configuration'), 1)
  assert.equal(service.count(), 1)
})

test('a set of a thousand keys with their certificates, the most that Entra announces, is read', async () => {
  const { service, verifier, token } = start()
  const certified = { ...first.jwk, x5c: ['A'.repeat(1_400)], issuer: issuers['2.0'] }
  const others = Array.from({ length: 999 }, (_, at) => ({ ...certified, kid: `other-${at}` }))
  service.keys = [...others.map((jwk) => ({ ...first, jwk })), first]
  await verifier.verify(token())
})

test('after an hour the keys are fetched behind the caller, who does not wait', async () => {
  const { service, verifier, token } = start()
  await verifier.verify(token())
  service.now += hour
  const gate = deferred<void>()
  service.gate = gate.promise
  await verifier.verify(token())
  await settled()
  assert.equal(service.count('openid-configuration'), 2)
  gate.resolve()
})

test('after a day the caller waits for fresh keys, and a key that is gone is refused', async () => {
  const { service, verifier, token } = start()
  await verifier.verify(token())
  service.keys = [second]
  service.now += 24 * hour
  await assert.rejects(verifier.verify(token(first)), unknownKey)
  await verifier.verify(token(second))
})

test('a key that rolls under load costs no good token: one fetch, and every caller is served', async () => {
  const { service, verifier, token } = start()
  await verifier.verify(token())
  service.keys = [first, second]
  const tokens = Array.from({ length: 500 }, (_, at) => token(at % 2 === 0 ? first : second))
  await Promise.all(tokens.map((one) => verifier.verify(one)))
  assert.equal(service.count(), 2)
  assert.equal(service.count('openid-configuration'), 1)
})

test('a key published while a fetch was under way is found by the next one', async () => {
  const { service, verifier, token } = start()
  await verifier.verify(token())
  service.now += hour
  const gate = deferred<void>()
  service.gate = gate.promise
  await verifier.verify(token())
  const waiting = verifier.verify(token(second))
  await settled()
  gate.resolve()
  service.keys = [first, second]
  await waiting
})

test('unknown names cause one fetch in five minutes', async () => {
  const { service, verifier, token } = start()
  await verifier.verify(token())
  for (let at = 0; at < 100; at++) {
    await assert.rejects(verifier.verify(sign(first, v2Claims(), { kid: `unknown-${at}` })), unknownKey)
    service.now += 2_900
  }
  assert.equal(service.count(), 2)
  service.now += 10_000
  await assert.rejects(verifier.verify(token(second)), unknownKey)
  assert.equal(service.count(), 3)
})

test('an unknown name is no verdict while the keys cannot be fetched again, and costs one fetch a minute', async () => {
  const { service, verifier, token } = start()
  await verifier.verify(token())
  service.isDown = true
  const before = service.count()
  for (let at = 0; at < 90; at++) {
    const forged = sign(first, v2Claims(), { kid: `unknown-${at}` })
    await assert.rejects(verifier.verify(forged), { name: 'TransportError', code: 'ERR_NO_ANSWER' })
    await verifier.verify(token())
    service.now += 2_000
  }
  assert.equal(service.count(), before + 3)
})

test('a new key is accepted as soon as a minute after the service was found down', async () => {
  const { service, verifier, token } = start()
  await verifier.verify(token())
  service.isDown = true
  await assert.rejects(verifier.verify(token(second)), { name: 'TransportError' })
  Object.assign(service, { isDown: false, keys: [first, second], now: service.now + minute })
  await verifier.verify(token(second))
})

test('within five minutes of a look an unknown name stays unknown, even with the service down', async () => {
  const { service, verifier, token } = start()
  await verifier.verify(token())
  await assert.rejects(verifier.verify(token(second)), unknownKey)
  service.isDown = true
  service.now += 5 * minute - 1
  await assert.rejects(verifier.verify(token(second)), unknownKey)
  service.now += 1
  await assert.rejects(verifier.verify(token(second)), { name: 'TransportError' })
})

test('whoever joined a refresh that failed hears of that failure, and causes no fetch of its own', async () => {
  const { service, verifier, token } = start()
  await verifier.verify(token())
  service.now += hour
  const gate = deferred<void>()
  Object.assign(service, { gate: gate.promise, isDown: true })
  await verifier.verify(token())
  const waiting = verifier.verify(token(second))
  await settled()
  gate.resolve()
  await assert.rejects(waiting, { name: 'TransportError' })
  assert.equal(service.count('openid-configuration'), 2)
  assert.equal(service.count(), 1)
})

test('a token of another issuer causes no fetch, whatever key it names', async () => {
  const { service, verifier, token } = start()
  await verifier.verify(token())
  const foreign = sign(second, v2Claims({ iss: 'https://evil.example/', tid: apiId }))
  await assert.rejects(verifier.verify(foreign), { code: 'ERR_TOKEN_ISSUER' })
  assert.equal(service.count(), 1)
})

test('with the service down the last known good keys serve, and are asked for once a minute', async () => {
  const { service, verifier, token } = start()
  await verifier.verify(token())
  service.isDown = true
  service.now += 25 * hour
  const before = service.count('openid-configuration')
  for (let at = 0; at < 10; at++) await verifier.verify(token())
  assert.equal(service.count('openid-configuration'), before + 1)
  service.now += minute
  await verifier.verify(token())
  assert.equal(service.count('openid-configuration'), before + 2)
})

test('keys that nobody has confirmed for a week serve no longer', async () => {
  const { service, verifier, token } = start()
  await verifier.verify(token())
  service.isDown = true
  service.now += 7 * 24 * hour
  await assert.rejects(verifier.verify(token()), { name: 'TransportError' })
})

const down = { name: 'TransportError', code: 'ERR_NO_ANSWER' }

test('a cold start with the service down is no verdict on the token, and a second later asks again', async () => {
  const { service, verifier, token } = start()
  service.isDown = true
  await assert.rejects(verifier.verify(token()), down)
  Object.assign(service, { isDown: false, now: service.now + 1_000 })
  await verifier.verify(token())
})

test('a verifier without keys asks after pauses that double up to a minute, and between says how long', async () => {
  const { service, verifier, token } = start()
  service.isDown = true
  for (const [index, seconds] of [1, 2, 4, 8, 16, 32, 60, 60].entries()) {
    await assert.rejects(verifier.verify(token()), {
      ...down,
      message: /[^s]$/,
      retryAfterMs: seconds * 1_000,
    })
    for (const left of [seconds, 1]) {
      service.now += left === 1 ? (seconds - 1) * 1_000 : 0
      await assert.rejects(verifier.verify(token()), {
        ...down,
        retryable: true,
        retryAfterMs: left * 1_000,
        message: `no answer from login.microsoftonline.com: fetch failed; asked again in ${left} s`,
      })
    }
    assert.equal(service.count('openid-configuration'), index + 1)
    service.now += 1_000
  }
})

test('the first keys end the pauses, and those of a later outage begin anew', async () => {
  const { service, verifier, token } = start()
  service.isDown = true
  for (const pause of [1_000, 2_000, 4_000]) {
    await assert.rejects(verifier.verify(token()), down)
    service.now += pause
  }
  service.isDown = false
  await verifier.verify(token())
  Object.assign(service, { isDown: true, now: service.now + 7 * 24 * hour })
  await assert.rejects(verifier.verify(token()), down)
  Object.assign(service, { isDown: false, now: service.now + 1_000 })
  await verifier.verify(token())
})

test('the pause counts from the end of a fetch, however long it took to fail', async () => {
  const { service, verifier, token } = start()
  const gate = deferred<void>()
  Object.assign(service, { isDown: true, gate: gate.promise })
  const waiting = verifier.verify(token())
  await settled()
  service.now += minute
  gate.resolve()
  await assert.rejects(waiting, down)
  await assert.rejects(verifier.verify(token()), { ...down, message: /; asked again in 1 s$/ })
  assert.equal(service.count('openid-configuration'), 1)
})

test('metadata that is refused is not asked for again at once either, and says so under its own code', async () => {
  let asked = 0
  const fetch = async () => {
    asked++
    return Response.json({}, { status: 400 })
  }
  const { verifier, token } = start({ fetch })
  const refused = { name: 'X5tError', code: 'ERR_METADATA_REFUSED', hint: /^check the tenant/ }
  await assert.rejects(verifier.verify(token()), refused)
  await assert.rejects(verifier.verify(token()), {
    ...refused,
    retryAfterMs: 1_000,
    message: / with 400; asked again in 1 s$/,
  })
  assert.equal(asked, 1)
})

test('one caller who leaves takes nothing from the others', async () => {
  const { service, verifier, token } = start()
  const gate = deferred<void>()
  service.gate = gate.promise
  const leaving = new AbortController()
  const left = verifier.verify(token(), { signal: leaving.signal })
  const stays = verifier.verify(token())
  leaving.abort(new Error('gone'))
  await assert.rejects(left, /gone/)
  gate.resolve()
  await stays
  assert.equal(service.count(), 1)
  await assert.rejects(verifier.verify(token(), { signal: leaving.signal }), /gone/)
})
