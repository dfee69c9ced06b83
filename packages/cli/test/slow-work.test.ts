import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { sayIfSlow } from '../src/slow-work.ts'

test('work is announced after 400 ms, not before, and not when it was done by then', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const said: string[] = []
  const terminal = {
    out: () => {},
    warn: () => {},
    rewrite: () => {},
    note: (text: string) => said.push(text),
  }
  await sayIfSlow(terminal, 'quick', Promise.resolve())
  mock.timers.tick(1_000)
  let finish = (_: string) => {}
  const work = sayIfSlow(terminal, 'making an RSA key', new Promise<string>((resolve) => (finish = resolve)))
  mock.timers.tick(399)
  assert.deepEqual(said, [])
  mock.timers.tick(1)
  assert.deepEqual(said, ['making an RSA key …'])
  finish('made')
  assert.equal(await work, 'made')
  mock.timers.reset()
})
