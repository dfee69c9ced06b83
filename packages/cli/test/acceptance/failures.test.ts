import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { exitCodeOf } from '../../src/exit-code.ts'
import { localSetUps } from '../doctor/local-set-ups.ts'
import { networkSetUps } from '../doctor/network-set-ups.ts'
import { serviceSetUps } from '../doctor/service-set-ups.ts'
import { createWorld, type World } from '../doctor/world.ts'
import { assertIsErrorObject } from '../support/schema.ts'

/** The set-ups that the doctor finds out about, met by the commands that suffer from them. */
let world: World
before(async () => {
  world = await createWorld()
})
after(() => world.stop())

/** What is wrong and stops no token: the doctor alone speaks of it. */
const harmless = new Set(['key file', 'clock', 'roles', 'audience', 'policy'])
const suffering = [...localSetUps, ...networkSetUps, ...serviceSetUps].filter(
  ({ check, what }) => !harmless.has(check) && !what.includes('and the one that holds works'),
)
/** The client reads proxies from the environment of the process; packages/x5t tests that. */
const ofTheProcess = new Set(['HTTPS_PROXY'])

const seen = new Set<string>()

for (const { what, arrange } of suffering) {
  test(`${what}: token and call say so, exit with its code, and leave stdout empty`, async (context) => {
    world.reset()
    const { options = {}, env = {} } = await arrange(world)
    if (Object.keys(env).some((name) => ofTheProcess.has(name))) {
      for (const [name, value] of Object.entries(env)) {
        process.env[name] = value
        context.after(() => delete process.env[name])
      }
    }
    const named = Object.entries({ ...world.options(), ...options }).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, value],
    )
    const surroundings = { env: { ...world.stage.env, ...env } }
    const token = await world.stage.x5t(['token', '--no-cache', ...named], surroundings)
    const lines = token.stderr.trimEnd().split('\n')
    const [code = ''] = lines.at(-1)?.split(' · ') ?? []
    assert.match(code, /^ERR_[A-Z0-9_]+$/, token.stderr)
    assert.deepEqual([token.code, token.stdout], [exitCodeOf(code), ''], token.stderr)
    assert.ok([2, 3, 4, 5].includes(token.code), token.stderr)
    assert.ok(lines.some((line) => line.startsWith('x5t: error: ')))

    // Of one code a single JSON object is enough.
    if (seen.has(code)) return
    seen.add(code)
    const url = 'https://graph.microsoft.com/v1.0/users'
    const call = await world.stage.x5t(['call', url, '--no-cache', '--json', ...named], surroundings)
    assertIsErrorObject(call.stderr)
    const { error } = JSON.parse(call.stderr)
    assert.deepEqual([call.code, call.stdout], [error.exitCode, ''])
    assert.deepEqual([error.code, error.exitCode], [code, token.code], call.stderr)
    for (const text of [token.stderr, call.stderr]) assert.ok(!/geheim|eyJ/.test(text), text)
  })
}
