import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClock, moveClock } from '../../src/clock/clock.ts'
import { duration } from '../../src/clock/duration.ts'
import { createStage, now, origin } from '../support/stage.ts'

test('a clock follows its base until it is moved, and from there', () => {
  let base = 1000
  const clock = createClock(() => base)
  assert.equal(clock.now(), 1000)
  clock.advance('PT5M')
  assert.equal(clock.now(), 301_000)
  base += 500
  assert.equal(clock.now(), 301_500)
  clock.advance(-1.5)
  assert.equal(clock.now(), 300_000)
  clock.set('2030-01-01T00:00:00Z')
  base += 1000
  assert.equal(clock.now(), Date.parse('2030-01-01T00:00:01Z'))
  clock.reset()
  assert.equal(clock.now(), base)
})

test('a frozen clock stands still, can be moved, and goes on from where it stood', () => {
  let base = 1000
  const clock = createClock(() => base)
  clock.freeze()
  base += 60_000
  assert.equal(clock.now(), 1000)
  clock.advance(10)
  clock.freeze()
  assert.deepEqual(clock.describe(), { now: '1970-01-01T00:00:11.000Z', offsetSeconds: -50, frozen: true })
  clock.thaw()
  clock.thaw()
  assert.equal(clock.now(), 11_000)
  base += 1000
  assert.equal(clock.now(), 12_000)
})

/** ISO 8601 section 5.5.2.2, without years and months. */
const durations: readonly [text: unknown, seconds: number][] = [
  ['PT5M', 300],
  ['pt90s', 90],
  ['P1DT2H3M4.5S', 93_784.5],
  ['-P2W', -1_209_600],
  [0.25, 0.25],
]
for (const [text, seconds] of durations) {
  test(`${text} is ${seconds} s`, () => assert.equal(duration(text, 'x:'), seconds * 1000))
}
for (const text of ['P', 'PT', 'P1Y', 'P1M', '5M', 'P1H', 'PT-5M', '', '5', null, {}, Number.NaN, Infinity]) {
  test(`${JSON.stringify(text)} is no duration`, () =>
    assert.throws(() => duration(text, 'x:'), { message: /^x: expected seconds, or a duration/ }))
}

test('a clock does not leave the years that dates can write', () => {
  const clock = createClock(() => now)
  for (const by of [1e15, -1e15])
    assert.throws(() => clock.advance(by), /^DefinitionError: clock: advance: leads beyond/)
  assert.throws(() => clock.set('-000001-01-01T00:00:00Z'), /clock: set: leads beyond/)
  assert.throws(() => clock.set(Number.NaN), /clock: set: leads beyond/)
  assert.equal(clock.now(), now)
})

const refused: readonly [body: unknown, message: RegExp][] = [
  [{}, /expected advance, set, reset or frozen/],
  [{ advance: 1, set: '2030-01-01' }, /expected one of advance, set and reset/],
  [{ set: 'tomorrow' }, /clock: set: expected a date/],
  [{ reset: 'yes' }, /clock: reset: expected true or false/],
  [{ jump: 1 }, /has no member "jump"/],
]
for (const [body, message] of refused) {
  test(`a clock is not moved by ${JSON.stringify(body)}`, () =>
    assert.throws(
      () =>
        moveClock(
          createClock(() => now),
          body,
        ),
      message,
    ))
}

test('the clock is read and moved by JSON, and all that is judged, issued and dated goes by it', async () => {
  const stage = await createStage()
  const at = async (body: object) => {
    const headers = { 'content-type': 'application/json' }
    const sent = { method: 'POST', headers, body: JSON.stringify(body) }
    const response = await stage.app.request(`${origin}/_emulator/clock`, sent)
    assert.equal(response.status, 200)
    return response.json()
  }
  assert.deepEqual(await (await stage.get('/_emulator/clock')).json(), {
    now: new Date(now).toISOString(),
    offsetSeconds: 0,
    frozen: false,
  })
  assert.deepEqual(await at({ advance: 'P400D', frozen: true }), {
    now: new Date(now + 400 * 86_400_000).toISOString(),
    offsetSeconds: 400 * 86_400,
    frozen: true,
  })
  const late = await stage.post(await stage.form())
  assert.equal(late.headers.get('date'), new Date(now + 400 * 86_400_000).toUTCString())
  assert.match(await late.text(), /AADSTS700024/)
  await at({ reset: true })
  assert.equal((await stage.post(await stage.form())).status, 200)
})
