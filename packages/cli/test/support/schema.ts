import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

const schemas = new URL('../../../../docs/schemas/', import.meta.url)

/** To compile one takes longer than most tests. */
const compiled = new Map<string, ValidateFunction>()

/** Fails unless the value is what the published schema of this name says. */
export function assertMatchesSchema(name: string, value: unknown): void {
  const validate = compiled.get(name) ?? compile(name)
  compiled.set(name, validate)
  assert.ok(validate(value), `${ajv.errorsText(validate.errors)} in ${JSON.stringify(value)}`)
}

const ajv = new Ajv2020({ strict: true, allErrors: true })

function compile(name: string): ValidateFunction {
  return ajv.compile(JSON.parse(readFileSync(new URL(`${name}.schema.json`, schemas), 'utf8')))
}

/** stderr of a failure with JSON: exactly one object on one line, by docs/schemas/error.schema.json. */
export function assertIsErrorObject(stderr: string): void {
  assert.match(stderr, /^\{.*\}\n$/, stderr)
  assertMatchesSchema('error', JSON.parse(stderr))
}
