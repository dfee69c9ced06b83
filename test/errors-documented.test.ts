import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const codesIn = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, code]) => code ?? '').sort()

const declared = codesIn(readFileSync('packages/x5t/src/errors.ts', 'utf8'), /^ {2}\| '(ERR_[A-Z0-9_]+)'/gm)

test('every error code is documented, and every documented code exists', () => {
  const documented = codesIn(readFileSync('docs/errors.md', 'utf8'), /^### (ERR_[A-Z0-9_]+)$/gm)
  assert.deepEqual(documented, declared)
})

test('every error code is thrown somewhere', () => {
  const sources = readdirSync('packages/x5t/src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'errors.ts')
    .map((file) => readFileSync(join('packages/x5t/src', file), 'utf8'))
    .join('\n')
  for (const code of declared) assert.ok(sources.includes(`'${code}'`), `${code} is never thrown`)
})

test('every code of the command line is in its table, and every row is a code', () => {
  const own = codesIn(readFileSync('packages/cli/src/cli-error.ts', 'utf8'), /^ {2}\| '(ERR_[A-Z0-9_]+)'/gm)
  const documented = codesIn(readFileSync('docs/errors.md', 'utf8'), /^\| `(ERR_[A-Z0-9_]+)`/gm)
  // What the library knows too stands above the table; what is a bug is no code of an error class.
  const expected = [...own.filter((code) => !declared.includes(code)), 'ERR_UNEXPECTED'].sort()
  assert.deepEqual(documented, expected)
})
