import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { parseArguments } from '../src/arguments.ts'
import type { CommandNode } from '../src/command.ts'
import { commandTree, findCommand } from '../src/command-tree.ts'
import { topics } from '../src/help/topics.ts'
import { assertIsErrorObject } from './support/schema.ts'
import { createStage } from './support/stage.ts'

/** What holds for each command and each page of the help. */
const stage = createStage()
after(() => stage.remove())

for (const topic of Object.keys(topics)) {
  test(`x5t help ${topic} is a page on stdout`, async () => {
    const { code, stdout, stderr } = await stage.x5t(['help', topic])
    assert.deepEqual([code, stderr], [0, ''])
    assert.ok(stdout.split('\n').length > 5)
    for (const line of stdout.split('\n')) assert.ok(line.length <= 120, line)
  })
}

test('x5t help environment names every variable that the command line reads', () => {
  const folder = new URL('../src/', import.meta.url)
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('help'))
    .map((name) => readFileSync(new URL(name.replaceAll('\\', '/'), folder), 'utf8'))
  const used = new Set(sources.join('\n').match(/\b(?:X5T|AZURE|KUBERNETES)_[A-Z_]+/g))
  // Written by --output env, and looked for only to be refused.
  for (const name of ['X5T_ACCESS_TOKEN', 'X5T_EXPIRES_ON', 'X5T_CLIENT_SECRET']) used.delete(name)
  const page = topics.environment?.text() ?? ''
  assert.deepEqual(
    [...used].filter((name) => !page.includes(name)),
    [],
  )
})

test('each command that a hint of the library names is one, with all that it needs', async () => {
  const folder = new URL('../../x5t/src/', import.meta.url)
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(name.replaceAll('\\', '/'), folder), 'utf8'))
  const hints = sources.join('\n').match(/\bhint\b.*/g) ?? []
  const lines = hints.flatMap((hint) =>
    [...hint.matchAll(/[`:] ?x5t ([a-z][\w -]*)/g)].map(([, words = '']) => words),
  )
  assert.ok(lines.length > 8)
  for (const line of new Set(lines)) {
    const { node, rest } = findCommand(line.trim().split(' '))
    const command = await node.load?.()
    assert.ok(command, line)
    assert.doesNotThrow(() => parseArguments(command, rest), line)
  }
})

function paths(node: CommandNode, path: string[] = []): string[][] {
  const children = Object.entries(node.commands ?? {}).flatMap(([word, child]) =>
    paths(child, [...path, word]),
  )
  return [path, ...children]
}
for (const path of paths(commandTree)) {
  test(`x5t ${path.join(' ')} --help begins with examples or commands and ends with exit codes`, async () => {
    const { code, stdout, stderr } = await stage.x5t([...path, '--help'])
    assert.equal(code, 0)
    assert.equal(stderr, '')
    assert.match(stdout, /x5t/)
    assert.match(stdout.trimEnd().split('\n').at(-1) ?? '', /^ {2}(143 +ended by SIGTERM|255 +an error)$/)
  })
}

test('an option that no command has is a usage error of each, and with JSON one object', async () => {
  const noted = /^x5t: error: [\s\S]*\nERR_USAGE\n$/
  for (const path of paths(commandTree)) {
    for (const words of [
      ['--bogus', 'geheim'],
      ['--passphrase', 'geheim'],
    ]) {
      const { code, stdout, stderr } = await stage.x5t([...path, ...words])
      assert.deepEqual(
        [code, stdout],
        [/^cert (due|needs-renewal)$/.test(path.join(' ')) ? 255 : 2, ''],
        `${path}`,
      )
      assert.match(stderr, noted)
      assert.ok(!stderr.includes('geheim'), stderr)
    }
    const { stdout, stderr } = await stage.x5t([...path, '--bogus', '--output', 'json'])
    assert.equal(stdout, '')
    assertIsErrorObject(stderr)
  }
})
