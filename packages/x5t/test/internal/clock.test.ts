import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clockOf, createClock, createServerClock, parseHttpDate } from '../../src/internal/clock.ts'
import { stillClock } from '../support/still-clock.ts'

const minute = 60_000

/** The three readings of a machine, each moved on its own. */
function machine() {
  const at = { wall: 1_800_000_000_000, monotonic: 5_000, uptimeSeconds: 1_000 }
  const clock = clockOf({
    wall: () => at.wall,
    hrtime: () => [at.monotonic / 1_000, 0],
    uptimeSeconds: () => at.uptimeSeconds,
  })
  return {
    clock,
    run(ms: number) {
      at.wall += ms
      at.monotonic += ms
      at.uptimeSeconds += ms / 1_000
    },
    setWall(ms: number) {
      at.wall += ms
    },
    sleep(ms: number) {
      at.wall += ms
      at.uptimeSeconds += ms / 1_000
    },
  }
}

for (const change of [20 * minute, -20 * minute, 10 * minute, -10 * minute, 86_400_000]) {
  test(`setting the wall clock by ${change / minute} minutes does not move the steady clock`, () => {
    const { clock, run, setWall } = machine()
    const start = clock.steady()
    run(minute)
    setWall(change)
    assert.equal(clock.steady() - start, minute)
    run(minute)
    assert.equal(clock.steady() - start, 2 * minute)
  })
}

test('the steady clock goes on while the machine sleeps', () => {
  const { clock, run, sleep } = machine()
  const start = clock.steady()
  run(minute)
  sleep(480 * minute)
  assert.equal(clock.steady() - start, 481 * minute)
  run(minute)
  assert.equal(clock.steady() - start, 482 * minute)
})

test('many short sleeps count too', () => {
  const { clock, run, sleep } = machine()
  const start = clock.steady()
  for (let count = 0; count < 100; count++) {
    sleep(1_500)
    run(100)
    clock.steady()
  }
  assert.ok(Math.abs(clock.steady() - start - 160_000) <= 3_000)
})

test('a clock that was set and then slept is not confused', () => {
  const { clock, setWall, sleep } = machine()
  const start = clock.steady()
  setWall(20 * minute)
  clock.steady()
  sleep(60 * minute)
  assert.equal(clock.steady() - start, 60 * minute)
  setWall(-20 * minute)
  assert.equal(clock.steady() - start, 60 * minute)
})

test('the steady clock of this machine never runs back when the wall clock is set', (context) => {
  const clock = createClock()
  const start = clock.steady()
  const now = Date.now()
  for (const set of [20 * minute, -20 * minute, -1e10]) {
    context.mock.method(Date, 'now', () => now + set)
    const passed = clock.steady() - start
    assert.ok(passed >= 0 && passed < minute, `${passed}`)
  }
})

test('the server clock is the wall clock until an answer teaches otherwise, and ignores what is no date', () => {
  const clock = stillClock()
  const server = createServerClock(clock)
  assert.equal(server.now(), clock.wall())
  server.learn('yesterday', clock.steady())
  server.learn(undefined, clock.steady())
  assert.equal(server.now(), clock.wall())
  server.learn(new Date(clock.wall() + 30 * minute).toUTCString(), clock.steady())
  assert.ok(Math.abs(server.now() - clock.wall() - 30 * minute) <= 500)
})

for (const ms of [0, 250, 999]) {
  test(`a Date that was cut to whole seconds is half a second off at most: ${ms} ms were cut`, () => {
    const clock = stillClock(Date.parse('2026-09-14T08:00:00Z') + ms)
    const server = createServerClock(clock)
    server.learn(new Date(clock.wall()).toUTCString(), clock.steady())
    assert.ok(Math.abs(server.now() - clock.wall()) <= 500)
  })
}

test('what was learned does not move when the wall clock is set', () => {
  const { clock, setWall } = machine()
  const server = createServerClock(clock)
  const now = clock.wall()
  server.learn(new Date(now).toUTCString(), clock.steady())
  setWall(20 * minute)
  assert.ok(Math.abs(server.now() - now) <= 1_000)
})

test('a later answer teaches anew', () => {
  const clock = stillClock()
  const server = createServerClock(clock)
  for (const offset of [30 * minute, -5 * minute]) {
    server.learn(new Date(clock.wall() + offset).toUTCString(), clock.steady())
    assert.ok(Math.abs(server.now() - clock.wall() - offset) <= 1_000)
  }
})

test('the time an answer took is shared between the two ways', () => {
  const clock = stillClock()
  const server = createServerClock(clock)
  const sentAt = clock.steady()
  const there = clock.wall() + 2_000
  clock.pass(4_000)
  server.learn(new Date(there).toUTCString(), sentAt)
  assert.ok(Math.abs(server.now() - clock.wall()) <= 1_000)
})

test('a lying Date is distrusted once the service refuses its time, and the wall clock when it is refused', () => {
  const clock = stillClock()
  const server = createServerClock(clock)
  server.learn(new Date(clock.wall() + 30 * minute).toUTCString(), clock.steady())
  assert.equal(server.correct(server.now()), true)
  assert.equal(server.now(), clock.wall())
  assert.equal(server.correct(server.now()), true)
  assert.notEqual(server.now(), clock.wall())
})

test('a wall clock that ticks while it is looked at is still the wall clock', () => {
  let time = Date.parse('2026-09-14T08:00:00Z')
  const clock = { wall: () => time++, steady: () => 0 }
  const server = createServerClock(clock)
  server.learn(new Date(time + 30 * minute).toUTCString(), 0)
  assert.equal(server.correct(server.now()), true)
  assert.ok(Math.abs(server.now() - time) < minute)
})

test('where both clocks agree with what was refused there is nothing to correct', () => {
  const clock = stillClock()
  const server = createServerClock(clock)
  assert.equal(server.correct(server.now()), false)
  server.learn(new Date(clock.wall()).toUTCString(), clock.steady())
  assert.equal(server.correct(server.now()), false)
})

const sixNovember = Date.UTC(1994, 10, 6, 8, 49, 37)
const dates: readonly [text: string | undefined, expected: number | undefined][] = [
  ['Sun, 06 Nov 1994 08:49:37 GMT', sixNovember],
  ['Sunday, 06-Nov-94 08:49:37 GMT', sixNovember],
  ['Sun Nov  6 08:49:37 1994', sixNovember],
  ['Sun, 99 Nov 1994 08:49:37 GMT', undefined],
  ['1994-11-06T08:49:37Z', undefined],
  ['Sun', undefined],
  ['-5', undefined],
  ['10, 20', undefined],
  ['', undefined],
  [undefined, undefined],
]

for (const [text, expected] of dates) {
  test(`the HTTP date ${text} is ${expected}`, () => assert.equal(parseHttpDate(text), expected))
}
