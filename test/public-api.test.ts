import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

/** The exported names of every entry point, so that a review sees what changes. */
const entries: Record<string, string> = {
  x5t: 'packages/x5t/src/index.ts',
  'x5t/aadsts': 'packages/x5t/src/entra/aadsts/index.ts',
  'x5t/verify': 'packages/x5t/src/verify/index.ts',
  'x5t/credential': 'packages/x5t/src/credential/index.ts',
  'x5t/file': 'packages/x5t/src/client/file/index.ts',
  'x5t/key-vault': 'packages/x5t/src/credential/key-vault/index.ts',
  'x5t/pkcs11': 'packages/x5t/src/credential/pkcs11/index.ts',
  '@x5t/emulator': 'packages/emulator/src/index.ts',
  '@x5t/broker': 'packages/broker/src/index.ts',
}

function exportedNames(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const lists = [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)]
  return lists
    .flatMap(([, type, names = '']) =>
      names.split(',').map((name) => `${type ?? ''}${name.trim().replace(/\s+/g, ' ')}`),
    )
    .filter((name) => !/^(type )?$/.test(name))
    .sort((a, b) => a.replace('type ', '').localeCompare(b.replace('type ', '')))
}

test('docs/api.txt lists what the packages export', () => {
  const listed = readFileSync('docs/api.txt', 'utf8')
  const actual = Object.entries(entries)
    .map(
      ([name, file]) =>
        `${name}\n${exportedNames(file)
          .map((exported) => `  ${exported}\n`)
          .join('')}`,
    )
    .join('\n')
  assert.equal(actual, listed)
})
