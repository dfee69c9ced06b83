import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { cliReference, referencePath } from '../scripts/cli-reference.ts'

test('docs/cli.md is what the definitions of the commands say; npm run docs writes it', async () => {
  assert.equal(readFileSync(referencePath, 'utf8'), await cliReference())
})
