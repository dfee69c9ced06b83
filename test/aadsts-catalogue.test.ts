import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusals } from '../packages/emulator/src/refusal/refusals.ts'
import { catalogue } from '../packages/x5t/src/entra/aadsts/catalogue.ts'

test('every number that the emulator answers with is in the catalogue', () => {
  const missing = Object.keys(refusals).filter((code) => catalogue[Number(code)] === undefined)
  assert.deepEqual(missing, [])
})

test('every entry says what it means, why, and what to do', () => {
  for (const [code, { summary, hint, causes }] of Object.entries(catalogue)) {
    for (const text of [summary, hint, ...causes]) {
      assert.ok(text.length > 10 && !text.endsWith('.') && !text.includes('\n'), `${code}: ${text}`)
    }
    assert.ok(causes.length > 0, code)
  }
})
