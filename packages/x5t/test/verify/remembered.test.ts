import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { createVerifier, type Verifier } from '../../src/verify/index.ts'
import { createRemembered } from '../../src/verify/remembered.ts'
import { createTokenMemory } from '../../src/verify/token-memory.ts'
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

/** Verifies so often that the token is remembered. */
async function remember(verifier: Verifier, token: string) {
  await verifier.verify(token)
  return verifier.verify(token)
}

test('a token that came twice gives the claims of its second time; off, it gives new ones', async () => {
  const token = sign(key, v2Claims())
  const { verifier } = start()
  const { claims } = await verifier.verify(token)
  const second = await verifier.verify(token)
  assert.notEqual(second.claims, claims)
  assert.equal((await verifier.verify(token)).claims, second.claims)
  const { claims: forgotten } = await remember(start(0).verifier, token)
  assert.notEqual((await start(0).verifier.verify(token)).claims, forgotten)
})

test('what one caller does to a result does not reach another', async () => {
  const token = sign(key, v2Claims())
  const { verifier } = start()
  Object.assign(await remember(verifier, token), { claims: {} })
  assert.equal((await verifier.verify(token)).claims.tid, tenant)
})

test('with a remembered text no other signature passes', async () => {
  const token = sign(key, v2Claims())
  const { verifier } = start()
  await remember(verifier, token)
  const at = token.lastIndexOf('.') + 1
  for (const forged of [
    token.slice(0, at),
    `${token.slice(0, -4)}AAAA`,
    token.slice(0, -1),
    `${token}A`,
    `${token.slice(0, at)}${sign(key, v2Claims({ uti: 'other' })).split('.')[2]}`,
  ]) {
    await assert.rejects(verifier.verify(forged), { name: 'TokenValidationError' })
  }
})

test('what is remembered cannot be changed by who got it', async () => {
  const { verifier } = start()
  const { claims } = await remember(verifier, sign(key, v2Claims()))
  assert.throws(() => Object.assign(claims.roles ?? [], ['Admin']), TypeError)
  assert.throws(() => Object.assign(claims, { tid: 'other' }), TypeError)
})

test('a remembered token still expires', async () => {
  const { service, verifier } = start()
  const token = sign(key, v2Claims())
  await remember(verifier, token)
  service.now += hour + 300_000
  await assert.rejects(verifier.verify(token), { code: 'ERR_TOKEN_EXPIRED' })
})

test('a remembered token is not yet valid when the clock is set back', async () => {
  const { service, verifier } = start()
  const token = sign(key, v2Claims())
  await remember(verifier, token)
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
    await remember(verifier, token)
    service.keys = [successor]
    service.now += 24 * hour
    await assert.rejects(verifier.verify(token), { name: 'TokenValidationError' })
  })
}

test('the memory holds no more than it may, and keeps what is asked for', () => {
  const remembered = createRemembered<string, number>(10)
  remembered.set('asked', 0)
  for (let at = 0; at < 1_000; at++) {
    remembered.set(`token ${at}`, at)
    assert.equal(remembered.get('asked'), 0)
  }
  const kept = Array.from({ length: 1_000 }, (_, at) => remembered.get(`token ${at}`))
  assert.ok(kept.filter((value) => value !== undefined).length < 10)
})

const signature = Buffer.from('signature')
const text = signature.toString('base64url')
const digestOf = (token: number) => hash('sha256', String(token), 'binary')

test('what comes once is not remembered, and pushes out nothing that is', () => {
  const memory = createTokenMemory<number>(10)
  memory.keep(digestOf(0), signature, 0)
  assert.equal(memory.find(digestOf(0), text), undefined)
  memory.keep(digestOf(0), signature, 0)
  assert.equal(memory.find(digestOf(0), `${text}A`), undefined)
  for (let token = 1; token < 1_000; token++) {
    memory.keep(digestOf(token), signature, token)
    assert.equal(memory.find(digestOf(token), text), undefined)
    assert.equal(memory.find(digestOf(0), text), 0)
  }
})

test('all that come again and again are remembered, also those that share a place', () => {
  const memory = createTokenMemory<number>(1_000)
  const tokens = Array.from({ length: 200 }, (_, token) => token)
  const isKnown = (token: number) => memory.find(digestOf(token), text) === token
  // As a verifier does. Two that share a place settle it in a few rounds, by chance: fewer than one run in 10^10 takes 100.
  for (let round = 0; round < 100; round++) {
    for (const token of tokens) if (!isKnown(token)) memory.keep(digestOf(token), signature, token)
  }
  assert.ok(tokens.every(isKnown))
})

test('a memory of no size remembers nothing', () => {
  const memory = createTokenMemory<number>(0)
  for (let time = 0; time < 3; time++) {
    memory.keep(digestOf(0), signature, 0)
    assert.equal(memory.find(digestOf(0), text), undefined)
  }
})
