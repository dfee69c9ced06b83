import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'

const schemas = new URL('../../../../docs/schemas/', import.meta.url)

/** Fails unless the value is what the published schema of this name says. */
export function assertMatchesSchema(name: string, value: unknown): void {
  const schema = JSON.parse(readFileSync(new URL(`${name}.schema.json`, schemas), 'utf8'))
  const ajv = new Ajv2020({ strict: true, allErrors: true })
  assert.ok(ajv.validate(schema, value), `${ajv.errorsText()} in ${JSON.stringify(value)}`)
}

/** stderr of a failure with JSON: exactly one object on one line, by docs/schemas/error.schema.json. */
export function assertIsErrorObject(stderr: string): void {
  assert.match(stderr, /^\{.*\}\n$/, stderr)
  assertMatchesSchema('error', JSON.parse(stderr))
}
