import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { newFolder, open, start } from './folders.ts'

test('clock and armed faults are there at the next start, with what was met and what chance has in store', () => {
  const folder = newFolder()
  const here = { endpoint: 'token/v2', tenant: undefined, appId: undefined } as const
  const draws = (state: ReturnType<typeof open>, times: number) =>
    Array.from({ length: times }, () => state.sky.meet(['empty'], here)?.hits)
  const unbroken = open(newFolder())
  const first = open(folder)
  assert.deepEqual(readdirSync(folder).sort(), ['lock', 'state.json'])
  for (const { sky } of [unbroken, first]) sky.arm({ kind: 'empty', count: 1000, probability: 0.3, seed: 7 })
  const { id } = first.sky.arm({ kind: 'throttling', retryAfterSeconds: 3, count: 3, tenant: 'contoso.com' })
  first.clock.advance('P400D')
  first.clock.freeze()
  const whole = draws(unbroken, 40)
  const part = draws(first, whole.indexOf(3) + 1)
  const armed = first.sky.armed()
  const clock = first.clock.describe()
  first.close()

  const second = open(folder, start + 60_000)
  assert.deepEqual(second.sky.armed(), armed)
  assert.deepEqual(second.clock.describe(), { ...clock, offsetSeconds: clock.offsetSeconds - 60 })
  assert.deepEqual([...part, ...draws(second, whole.length - part.length)], whole)
  assert.equal(second.sky.arm({ kind: 'latency' }).id, `w${Number(id.slice(1)) + 1}`)
  second.clock.reset()
  second.sky.clear()
  second.close()
  unbroken.close()
  const { version, ...kept } = JSON.parse(readFileSync(join(folder, 'weather.json'), 'utf8'))
  assert.deepEqual([version, kept], [1, { clock: { offsetMs: 0 }, armed: [] }])
})

test('an id that was written by hand, however high, is kept, and nothing is armed that the next start refuses', () => {
  const folder = newFolder()
  const fault = { kind: 'latency', ms: 5 }
  const ids = ['w7', 'w999999999999999', 'w99999999999999', 'w100000000000000']
  const armed = ids.map((id) => ({ id, armedAt: '2030-01-31T12:00:00Z', hits: 0, chance: 1, fault }))
  writeFileSync(join(folder, 'weather.json'), JSON.stringify({ version: 1, clock: { offsetMs: 0 }, armed }))
  for (const expected of ['w100000000000001', 'w100000000000002']) {
    const state = open(folder)
    assert.equal(state.sky.arm({ kind: 'latency' }).id, expected)
    state.close()
  }
  open(folder).close()
})
