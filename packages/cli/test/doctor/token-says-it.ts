import assert from 'node:assert/strict'
import { exitCodeOf } from '../../src/exit-code.ts'
import type { Run, SetUp, World } from './world.ts'

/** What is wrong and stops no token: the doctor alone speaks of it. */
const harmless = new Set(['key file', 'clock', 'roles', 'audience', 'policy'])

/**
 * `x5t token` suffers from a set-up: exit code, an empty stdout, the code as the last line. The other commands meet
 * their failures in failures.ts.
 */
export async function assertTokenSaysIt(world: World, { check }: SetUp, run: Run): Promise<void> {
  if (harmless.has(check) || run.code === 0) return
  const { options = {}, env = {} } = run
  const named = Object.entries({ ...world.options(), ...options })
    .filter(([name]) => name !== 'audience')
    .flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]))
  const surroundings = { env: { ...world.stage.env, ...env } }
  await withProxy(env.HTTPS_PROXY, async () => {
    const token = await world.stage.x5t(['token', '--no-cache', ...named], surroundings)
    const lines = token.stderr.trimEnd().split('\n')
    const [code = ''] = lines.at(-1)?.split(' · ') ?? []
    assert.match(code, /^ERR_[A-Z0-9_]+$/, token.stderr)
    assert.deepEqual([token.code, token.stdout], [exitCodeOf(code), ''], token.stderr)
    assert.ok([2, 3, 4, 5].includes(token.code), token.stderr)
    assert.ok(lines.some((line) => line.startsWith('x5t: error: ')))
    assert.ok(!/geheim|eyJ/.test(token.stderr), token.stderr)
    const mendedByCa = /SELF_SIGNED|UNABLE_TO|CERT_UNTRUSTED/.test(token.stderr)
    assert.equal(token.stderr.includes('hint: name its CA'), mendedByCa, token.stderr)
  })
}

/** The library reads proxies from the environment of the process. */
async function withProxy(address: string | undefined, work: () => Promise<void>): Promise<void> {
  if (address === undefined) return work()
  process.env.HTTPS_PROXY = address
  try {
    await work()
  } finally {
    delete process.env.HTTPS_PROXY
  }
}
