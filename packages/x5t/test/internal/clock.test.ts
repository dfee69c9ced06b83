import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clockOf, createServerClock } from '../../src/internal/clock.ts'
import { stillClock } from '../support/service.ts'

/** The three readings of a machine, each moved on its own. */
function machine() {
  const at = { wall: 1_800_000_000_000, monotonic: 5_000, uptimeSeconds: 1_000 }
  const clock = clockOf({
    wall: () => at.wall,
    monotonic: () => at.monotonic,
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

const minute = 60_000
for (const change of [20 * minute, -20 * minute, 10 * minute, -10 * minute]) {
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

test('a lying Date is distrusted once the service refuses its time', () => {
  const clock = stillClock()
  const server = createServerClock(clock)
  server.learn(new Date(clock.wall() + 30 * minute).toUTCString(), clock.steady())
  assert.equal(server.correct(server.now()), true)
  assert.equal(server.now(), clock.wall())
})
