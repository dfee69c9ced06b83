import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { settingDefinitions } from '../../src/config/definitions.ts'

test('docs/configuration.md lists every setting, with its option and its variables', () => {
  const page = readFileSync('docs/configuration.md', 'utf8')
  const rows = [...page.matchAll(/^\| `(\w+)` \| `--([\w-]+)` \| (.*?) \|/gm)].map(
    ([, name, option, variables = '']) => [name, option, variables.match(/\w+/g)],
  )
  assert.deepEqual(
    rows,
    Object.entries(settingDefinitions).map(([name, { option, variables }]) => [name, option, [...variables]]),
  )
})
