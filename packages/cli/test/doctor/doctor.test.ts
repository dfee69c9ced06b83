import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { describeResults } from '../../src/doctor/describe-results.ts'
import { assertMatchesSchema } from '../support/schema.ts'
import { localSetUps } from './local-set-ups.ts'
import { networkSetUps } from './network-set-ups.ts'
import { assertOthersSayIt } from './others-say-it.ts'
import { serviceSetUps } from './service-set-ups.ts'
import { createWorld, type Run, type World } from './world.ts'

/** Set-ups that are broken in one way each; the doctor must name that way first. */
let world: World
before(async () => {
  world = await createWorld()
})
after(() => world.stop())

function doctor({ options = {}, flags = [], env = {} }: Run, ...more: string[]) {
  const named = Object.entries({ ...world.options(), ...options }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  )
  return world.stage.x5t(['doctor', ...named, ...flags, ...more], { env: { ...world.stage.env, ...env } })
}

test('a set-up that works is found to be well, by every check', async () => {
  world.reset()
  const { code, stdout, stderr } = await doctor({}, '--strict')
  assert.equal(code, 0, stdout)
  assert.match(stdout, /^all is well\n\n {2}ok {4}configuration/)
  assert.doesNotMatch(stdout, /not reached|FAIL|warn/)
  assert.equal(stderr, 'next: x5t token\n')
})

for (const setUp of [...localSetUps, ...networkSetUps, ...serviceSetUps]) {
  const { what, arrange, check, cause, remedy } = setUp
  test(`${what}: ${check}`, async () => {
    world.reset()
    const run = await arrange(world)
    const { code, stdout, stderr } = await doctor(run, '--json')
    assert.equal(code, run.code ?? 6, stdout + stderr)
    const report = JSON.parse(stdout)
    assertMatchesSchema('doctor', report)
    assert.equal(report.cause?.check, check, JSON.stringify(report.cause))
    assert.match(report.cause.message, cause)
    assert.match(report.cause.hints[0], remedy)
    const blocking = report.checks.flatMap(({ problems }: { problems: { severity: string }[] }) =>
      problems.filter(({ severity }) => severity === 'blocks'),
    )
    assert.ok(blocking.length <= 1, 'one cause shows up as many')
    const [first = ''] = describeResults(report.checks).split('\n')
    assert.ok(first.endsWith(report.cause.message), first)
    assert.ok(
      !(stdout + stderr).includes(world.passphrase) && !stdout.includes('geheim'),
      'a secret is shown',
    )
    await assertOthersSayIt(world, setUp, run)
  })
}
