import assert from 'node:assert/strict'
import { channel } from 'node:diagnostics_channel'
import { describe, mock, test } from 'node:test'
import { inspect } from 'node:util'
import { createClient } from '../../src/client/client.ts'
import { X5tError } from '../../src/errors.ts'
import { newCredential } from '../support/credential.ts'
import { skipWithoutOpenssl } from '../support/openssl.ts'
import { bodies } from './bodies.ts'
import { clocks } from './clocks.ts'
import { connections } from './connections.ts'
import type { Fault } from './fault.ts'
import { networks } from './networks.ts'
import { startScripted, startStage } from './stage.ts'
import { statuses } from './statuses.ts'

const credential = await newCredential()
const faults = [...bodies, ...statuses, ...connections, ...networks, ...clocks]
const stage = skipWithoutOpenssl.skip ? undefined : await startStage()
/** Everything published by all clients; no assertion may be in it. */
const published: unknown[] = []

for (const name of ['request', 'response', 'retry', 'refresh', 'adoption']) {
  channel(`x5t:${name}`).subscribe((message) => published.push(message))
}
// Pauses are a random share; a share of nothing makes the tests quick.
mock.method(Math, 'random', () => 0)

async function run({ answers, options, skewMs = 0, calls = 1 }: Fault) {
  if (stage === undefined) throw new Error('needs OpenSSL')
  const server = await startScripted(stage, answers)
  const client = createClient({
    tenant: 'contoso.com',
    clientId: 'app',
    credential,
    authority: server.url,
    allowHttpAuthority: true,
    ...(skewMs !== 0 && { now: () => Date.now() + skewMs }),
    ...options?.(stage),
  })
  for (let call = 1; call < calls; call++) await client.getToken({ scope: `scope ${call}` })
  const askedAt = Date.now() + skewMs
  const result = await client.getToken({ scope: 'the scope' }).catch((error: unknown) => error)
  return { ...server, result, askedAt }
}

test('there are at least a hundred faults, each with a name of its own', () => {
  assert.ok(faults.length >= 100, `${faults.length}`)
  assert.equal(new Set(faults.map(({ name }) => name)).size, faults.length)
})

describe('faults', { concurrency: 8, ...skipWithoutOpenssl }, () => {
  for (const fault of faults) {
    test(fault.name, { timeout: 10_000 }, async () => {
      const { result, assertions, askedAt } = await run(fault)
      const { expected } = fault
      assert.equal(assertions.length, expected.requests, `requests, then ${inspect(result)}`)
      assert.equal(
        new Set(assertions.map(({ jti }) => jti)).size,
        assertions.length,
        'a new jti for each try',
      )
      if ('token' in expected) {
        const { accessToken, expiresAt, refreshAt } = Object(result)
        assert.equal(accessToken, expected.token, inspect(result))
        assert.ok(refreshAt <= expiresAt)
        const lifetime = (expiresAt - askedAt) / 1_000
        assert.ok(Math.abs(lifetime - (expected.lifetimeSeconds ?? 3_600)) < 5, `lives ${lifetime} s`)
        return
      }
      assert.ok(result instanceof X5tError, inspect(result))
      const { requests: _, message, ...fields } = expected
      for (const [name, value] of Object.entries(fields)) {
        if (value !== undefined) assert.equal(Object(result)[name], value, `${name} of ${inspect(result)}`)
      }
      if (message !== undefined) assert.match(result.message, message)
      assert.ok(result.message.length < 2_300, 'a message that can be read')
      for (const { raw } of assertions) {
        const [header = '', claims = '', signature = ''] = raw.split('.')
        const seen =
          inspect([result, published], { depth: 9, maxStringLength: null }) + JSON.stringify(result)
        for (const secret of [header, claims, signature.slice(0, 24)]) assert.ok(!seen.includes(secret))
      }
    })
  }
})

test('nothing ever arrived anywhere but at the token endpoint', () => {
  assert.deepEqual(stage?.arrivals.map(({ url }) => url) ?? [], [])
})
