import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { allOptions } from '../../src/arguments.ts'
import type { CommandNode } from '../../src/command.ts'
import { commandTree, findCommand } from '../../src/command-tree.ts'
import { describeResults } from '../../src/doctor/describe-results.ts'
import { assertIsErrorObject, assertMatchesSchema } from '../support/schema.ts'
import { dateSetUps } from './date-set-ups.ts'
import { configure, failures } from './failures.ts'
import { localSetUps } from './local-set-ups.ts'
import { networkSetUps } from './network-set-ups.ts'
import { proxySetUps } from './proxy-set-ups.ts'
import { serviceFailures } from './service-failures.ts'
import { serviceSetUps } from './service-set-ups.ts'
import { assertTokenSaysIt } from './token-says-it.ts'
import { createWorld, type Run, type World } from './world.ts'
import './untrusted.ts'

/** Set-ups that are broken in one way each; the doctor must name that way first. */
let world: World
before(async () => {
  world = await createWorld()
})
after(() => world.stop())

function doctor({ options = {}, flags = [], env = {}, now = Date.now }: Run, ...more: string[]) {
  const named = Object.entries({ ...world.options(), ...options }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  )
  return world.stage.x5t(['doctor', ...named, ...flags, ...more], {
    env: { ...world.stage.env, ...env },
    now,
  })
}

test('a set-up that works is found to be well, by every check', async () => {
  world.reset()
  const { code, stdout, stderr } = await doctor({}, '--strict')
  assert.equal(code, 0, stdout)
  assert.match(stdout, /^all is well\n\n {2}ok {4}configuration/)
  assert.match(stdout, /^ +ca {9,}\S+ \(--ca\)$/m)
  assert.doesNotMatch(stdout, /not reached|FAIL|warn/)
  assert.match(stderr, /^(asking: .* …\n)*next: x5t token\n$/) // a machine that is slow makes it speak
})

const formsOfCa: Readonly<Record<string, (pem: string) => string>> = {
  indented: (pem) => pem.replaceAll(/^/gm, '  '),
  'with \\n for line ends': (pem) => pem.replaceAll('\n', '\\n'),
  'labelled X509 CERTIFICATE': (pem) => pem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE'),
}
for (const [form, write] of Object.entries(formsOfCa)) {
  test(`a CA that is ${form} is trusted by all commands alike`, async () => {
    world.reset()
    world.stage.write('ca.pem', write(world.entra.caPem))
    const found = await doctor({}, '--strict')
    assert.equal(found.code, 0, found.stdout)
    const asked = ['emulator', 'status', '--url', world.entra.url, '--ca', 'ca.pem']
    const { code, stderr } = await world.stage.x5t(asked)
    assert.equal(code, 0, stderr)
  })
}

test('an emulator whose clock is an hour ahead is the cause, not the clock of this machine', async () => {
  world.reset()
  world.entra.clock.advance('PT1H')
  const { code, stdout } = await doctor({})
  assert.equal(code, 6)
  const [cause, remedy] = stdout.split('\n')
  assert.equal(cause, 'to mend: the clock of the emulator is 60 min ahead of the machine’s')
  assert.equal(remedy, `  x5t emulator clock reset --url ${world.entra.url}`)
  assert.match(
    stdout,
    /^ {2}FAIL {2}clock {10}60 min behind the service\n {23}to mend: the clock of this machine/m,
  )
})

for (const setUp of [...localSetUps, ...dateSetUps, ...networkSetUps, ...proxySetUps, ...serviceSetUps]) {
  const { what, arrange, check, cause, remedy } = setUp
  test(`${what}: ${check}`, async () => {
    world.reset()
    const run = await arrange(world)
    const { code, stdout, stderr } = await doctor(run, '--json')
    assert.equal(code, run.code ?? 6, stdout + stderr)
    assert.doesNotMatch(stderr, /^next: mend/m)
    const report = JSON.parse(stdout)
    assertMatchesSchema('doctor', report)
    assert.equal(report.cause?.check, check, JSON.stringify(report.cause))
    assert.match(report.cause.message, cause)
    assert.match(report.cause.hints[0], remedy)
    const blocking = report.checks.flatMap(({ problems }: { problems: { severity: string }[] }) =>
      problems.filter(({ severity }) => severity === 'blocks'),
    )
    assert.ok(blocking.length <= 1, 'one cause shows up as many')
    const [first = '', ...others] = describeResults(report.checks).split('\n')
    assert.ok(first.endsWith(report.cause.message), first)
    assert.ok(!others.some((line) => line.includes('cause: ')), 'two lines are called the cause')
    assert.ok(
      !(stdout + stderr).includes(world.passphrase) && !stdout.includes('geheim'),
      'a secret is shown',
    )
    await assertTokenSaysIt(world, setUp, run)
  })
}

test('a profile that --profile names may say something else than the environment', async () => {
  world.reset()
  configure(world, {})
  const env = { ...world.stage.env, AZURE_TENANT_ID: 'fabrikam.onmicrosoft.com' }
  const { code, stdout } = await world.stage.x5t(['doctor', '--strict', '--profile', 'default'], { env })
  assert.equal(code, 0, stdout)
})

test('a passphrase that was typed is found where it came from, and the question names the key', async () => {
  world.reset()
  configure(world, { key: 'sealed.key' })
  const questions: string[] = []
  const stdin = Object.assign(Readable.from([]), { isTTY: true })
  const ask = async (question: string) => {
    questions.push(question)
    return world.passphrase
  }
  const { code, stdout } = await world.stage.x5t(['doctor'], { stdin, stdoutIsTTY: true, ask })
  assert.equal(code, 0, stdout)
  assert.match(questions.join(), /^Passphrase of the private key \(\S+sealed\.key; --passphrase-file\): $/)
  assert.match(stdout, /^ {2}ok {4}passphrase {5}none is given; if one is needed, it is asked for$/m)
  assert.match(stdout, /^ {2}ok {4}key {12}opened with the passphrase from the terminal, and it signs$/m)
})

/** Of no app and no key: what is asked before a signature is checked. */
function tokenOf({ entra, demo }: World): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const issuer = { iss: `${entra.url}/${demo.tenantId}/v2.0`, tid: demo.tenantId, ver: '2.0' }
  const claims = { ...issuer, aud: 'x', iat: 0, nbf: 0, exp: 4_000_000_000 }
  return `${part({ typ: 'JWT', alg: 'RS256', kid: 'k' })}.${part(claims)}.${'A'.repeat(342)}`
}

async function hasJson(words: readonly string[]): Promise<boolean> {
  const command = await findCommand(words).node.load?.()
  return command !== undefined && 'json' in allOptions(command)
}

/** Commands and codes of which a JSON object was looked at: of each, one is enough. */
const objects = new Set<string>()

for (const { what, code, exitCode, arrange, meets } of [...failures, ...serviceFailures]) {
  test(`${what}: every command that meets it ends with ${code}`, async () => {
    world.reset()
    configure(world, {})
    const { env = {}, stdin, input = tokenOf(world), url = '' } = (await arrange?.(world)) ?? {}
    const files = world.stage.files()
    for (const line of meets) {
      const words = line.replace('@', url).split(' ')
      const run = (...more: string[]) =>
        world.stage.x5t([...words, ...more], {
          input,
          ...(stdin && { stdin: stdin() }),
          env: { ...world.stage.env, ...env },
        })
      const expected = line.startsWith('cert due') ? 255 : exitCode
      const text = await run()
      assert.deepEqual([text.code, text.stdout], [expected, ''], `${line}: ${text.stderr}`)
      const lines = text.stderr.trimEnd().split('\n')
      assert.equal(lines.at(-1)?.split(' · ')[0], code, `${line}: ${text.stderr}`)
      assert.ok(
        lines.some((one) => one.startsWith('x5t: error: ')),
        text.stderr,
      )
      assert.ok(!/geheim|eyJ/.test(text.stderr), text.stderr)
      const kind = `${words.slice(0, 2).join(' ')} ${code}`
      if (objects.has(kind)) continue
      if (code !== 'ERR_USAGE' && !(await hasJson(words))) continue
      objects.add(kind)
      const json = await run('--output', 'json')
      assert.deepEqual([json.code, json.stdout], [expected, ''], `${line}: ${json.stderr}`)
      assertIsErrorObject(json.stderr)
      const { error } = JSON.parse(json.stderr)
      assert.deepEqual([error.code, error.exitCode], [code, expected])
    }
    assert.deepEqual(world.stage.files(), files, 'a failure wrote a file')
  })
}

test('no command is without a failure', () => {
  const lines = [...failures, ...serviceFailures].flatMap(({ meets }) => meets)
  const leaves = (node: CommandNode, path: string): string[] => [
    ...(node.load === undefined || node.hidden ? [] : [path]),
    ...Object.entries(node.hidden ? {} : (node.commands ?? {})).flatMap(([word, child]) =>
      leaves(child, `${path} ${word}`.trim()),
    ),
  ]
  const silent = leaves(commandTree, '').filter((path) => !lines.some((line) => line.startsWith(path)))
  // Their only failures are those of words (commands.test.ts), and the doctor's report is no failure.
  assert.deepEqual(silent, ['config path', 'doctor'])
})
