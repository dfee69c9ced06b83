import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plant } from '../../src/directory/seed.ts'
import { faultKinds, type NewFault } from '../../src/weather/fault.ts'
import { createWeather, type Situation } from '../../src/weather/weather.ts'
import { now, otherTenantId, tenantId } from '../support/stage.ts'

const appId = '6731de76-14a6-49ae-97bc-6eba6914391e'
const otherAppId = '0b5e7a3c-9d2f-4e61-8c47-1f3a5b7d9e20'
const here: Situation = { endpoint: 'token/v2', tenant: tenantId, appId }

function newWeather() {
  const tenants = [{ id: tenantId, domains: ['contoso.onmicrosoft.com'] }, { id: otherTenantId }]
  return createWeather(
    plant({ tenants }, () => now),
    () => now,
  )
}

test('every kind can be armed by its name alone, and says its defaults', () => {
  const weather = newWeather()
  for (const kind of faultKinds) {
    const { kind: armed, hits, remaining, armedAt } = weather.arm({ kind })
    assert.deepEqual([armed, hits, remaining, armedAt], [kind, 0, undefined, new Date(now).toISOString()])
  }
  assert.equal(weather.armed().length, faultKinds.length)
})

test('a fault is met as often as it says, then it is spent', () => {
  const weather = newWeather()
  const { id } = weather.arm({ kind: 'throttling', count: 2 })
  assert.equal(weather.meet(['latency'], here), undefined)
  assert.deepEqual([weather.meet(['throttling'], here)?.remaining, weather.armed()[0]?.hits], [1, 1])
  assert.equal(weather.meet(['throttling'], here)?.id, id)
  assert.equal(weather.meet(['throttling'], here), undefined)
  assert.deepEqual(weather.armed(), [])
  const [spent] = weather.spent()
  assert.deepEqual([spent?.id, spent?.hits, spent?.remaining], [id, 2, 0])
})

test('chance is drawn from the seed: the same one meets the same requests', () => {
  const run = (seed: number) => {
    const weather = newWeather()
    weather.arm({ kind: 'empty', probability: 0.3, seed })
    return Array.from({ length: 1000 }, () => weather.meet(['empty'], here) !== undefined)
  }
  const first = run(7)
  assert.deepEqual(run(7), first)
  assert.notDeepEqual(run(8), first)
  const hits = first.filter(Boolean).length
  assert.ok(hits > 250 && hits < 350, `${hits} of 1000`)
})

test('other faults do not disturb the order of chance', () => {
  const run = (others: number) => {
    const weather = newWeather()
    for (let i = 0; i < others; i++) weather.arm({ kind: 'latency', probability: 0.5 })
    weather.arm({ kind: 'empty', probability: 0.5, seed: 3 })
    return Array.from({ length: 50 }, () => {
      weather.meet(['latency'], here)
      return weather.meet(['empty'], here) !== undefined
    })
  }
  assert.deepEqual(run(3), run(0))
})

const scopes: readonly [scope: Partial<NewFault>, situation: Partial<Situation>, meets: boolean][] = [
  [{}, {}, true],
  [{ tenant: tenantId.toUpperCase() }, {}, true],
  [{ tenant: 'contoso.onmicrosoft.com' }, {}, true],
  [{ tenant: tenantId }, { tenant: 'CONTOSO.onmicrosoft.com' }, true],
  [{ tenant: 'common' }, { tenant: 'common' }, true],
  [{ tenant: otherTenantId }, {}, false],
  [{ tenant: tenantId }, { tenant: undefined }, false],
  [{ tenant: 'nowhere.example' }, { tenant: 'elsewhere.example' }, false],
  [{ appId: appId.toUpperCase() }, {}, true],
  [{ appId }, { appId: appId.toUpperCase() }, true],
  [{ appId }, { appId: otherAppId }, false],
  [{ appId }, { appId: undefined }, false],
  [{ endpoint: 'token' }, {}, true],
  [{ endpoint: 'token/v2' }, {}, true],
  [{ endpoint: 'token/v1' }, {}, false],
  [{ endpoint: 'keys' }, { endpoint: 'keys' }, true],
  [{ endpoint: 'graph' }, { endpoint: 'discovery' }, false],
]
for (const [scope, situation, meets] of scopes) {
  const name = `${JSON.stringify(scope)} ${meets ? 'meets' : 'does not meet'} ${JSON.stringify(situation)}`
  test(`a fault of ${name}`, () => {
    const weather = newWeather()
    weather.arm({ kind: 'empty', ...scope })
    assert.equal(weather.meet(['empty'], { ...here, ...situation }) !== undefined, meets)
  })
}

test('of two that fit the first one is met, and the other one is left', () => {
  const weather = newWeather()
  const first = weather.arm({ kind: 'throttling', count: 1 })
  const second = weather.arm({ kind: 'outage', count: 1 })
  const kinds = ['outage', 'throttling'] as const
  assert.equal(weather.meet(kinds, here)?.id, first.id)
  assert.equal(weather.meet(kinds, here)?.id, second.id)
})

const refused: readonly [fault: unknown, message: RegExp][] = [
  [{ kind: 'hail' }, /^fault: kind: expected latency or throttling or /],
  [{}, /^fault: kind: expected latency/],
  [null, /^fault: expected an object/],
  [{ kind: 'latency', ms: -1 }, /^fault: ms: expected a number from 0 to 86400000/],
  [{ kind: 'latency', ms: '5' }, /^fault: ms: expected a number/],
  [{ kind: 'latency', status: 500 }, /^fault: has no member "status"/],
  [{ kind: 'outage', status: 404 }, /^fault: status: expected 500 or 502 or 503 or 504/],
  [{ kind: 'empty', count: 0 }, /^fault: count: expected a whole number from 1 to/],
  [{ kind: 'empty', count: 1.5 }, /^fault: count: expected a whole number/],
  [{ kind: 'empty', probability: 1.1 }, /^fault: probability: expected a number from 0 to 1/],
  [{ kind: 'empty', endpoint: 'v2' }, /^fault: endpoint: expected token or token\/v1/],
  [{ kind: 'empty', appId: 'billing' }, /^fault: appId: expected a GUID/],
  [{ kind: 'content-type', contentType: 'a\nb' }, /^fault: contentType: expected/],
]
for (const [fault, message] of refused) {
  test(`${JSON.stringify(fault)} is refused`, () => {
    assert.throws(() => newWeather().arm(fault), { name: 'DefinitionError', message })
  })
}

test('faults are cleared one by one or all at once, and no more than 100 are armed', () => {
  const weather = newWeather()
  const ids = Array.from({ length: 100 }, () => weather.arm({ kind: 'empty' }).id)
  assert.throws(() => weather.arm({ kind: 'empty' }), /100 are armed already/)
  weather.clear(ids[0])
  assert.throws(() => weather.clear(ids[0]), { name: 'NotFoundError', message: 'no fault w1 is armed' })
  assert.equal(weather.armed().length, 99)
  weather.clear()
  assert.deepEqual(weather.armed(), [])
  assert.equal(weather.arm({ kind: 'empty' }).id, 'w101')
})
