import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Ajv } from 'ajv'
import { readConfigFile } from '../../src/config/config-file.ts'
import { settingDefinitions } from '../../src/config/definitions.ts'
import { createStage } from '../support/stage.ts'

const stage = createStage()
after(() => stage.remove())
const schema = JSON.parse(readFileSync('docs/schemas/config.schema.json', 'utf8'))
const accepts = new Ajv({ strict: true }).compile(schema)

test('the published schema has the settings, in the words of their table', () => {
  const described = Object.entries(schema.definitions.settings.properties).map(([name, member]) => [
    name,
    (member as { description: string }).description, // every member has one, or the comparison fails
  ])
  assert.deepEqual(
    described,
    Object.entries(settingDefinitions).map(([name, { description }]) => [name, description]),
  )
})

const contents: [boolean, unknown][] = [
  [true, {}],
  [true, { $schema: 'https://example.org/config.schema.json', profile: 'work', profiles: { work: {} } }],
  [true, { profiles: { default: { tenant: 'a.example', clientId: 'x', certificate: 'a', key: 'b' } } }],
  [true, { profiles: { 'eu-1.prod_2': { authority: 'https://x.example', scope: 's', ca: 'C:\\ca.pem' } } }],
  [false, []],
  [false, null],
  [false, { tenant: 'a.example' }],
  [false, { profile: 1 }],
  [false, { profile: '' }],
  [false, { profiles: [] }],
  [false, { profiles: { '.hidden': {} } }],
  [false, { profiles: { default: [] } }],
  [false, { profiles: { default: { tenant: '' } } }],
  [false, { profiles: { default: { tenant: 1 } } }],
  [false, { profiles: { default: { passphrase: 'x' } } }],
  [false, { profiles: { default: { allowHttpAuthority: true } } }],
  [false, { profiles: { default: { key: '-----BEGIN PRIVATE KEY-----' } } }],
  [false, { profiles: { default: { key: 'a\nb' } } }],
]
for (const [good, content] of contents) {
  test(`schema and program agree on ${JSON.stringify(content)}: ${good ? 'good' : 'refused'}`, () => {
    stage.write('x5t.json', JSON.stringify(content))
    const read = () => readConfigFile({ path: join(stage.folder, 'x5t.json'), kind: 'project' })
    assert.equal(accepts(content), good)
    if (good) assert.deepEqual(read(), content)
    else assert.throws(read, { code: 'ERR_CONFIG_INVALID' })
  })
}
