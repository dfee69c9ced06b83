import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { assertion, createStage, origin, tenantId } from './support/stage.ts'

/** Whatever comes, the emulator answers in the service's form and goes on. */
let stage: Awaited<ReturnType<typeof createStage>>
before(async () => {
  stage = await createStage()
})

const fields = [
  'grant_type',
  'client_id',
  'scope',
  'resource',
  'client_assertion_type',
  'client_assertion',
  'client_secret',
]
const form = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...fields), fc.string()), fc.string()), {
  maxLength: 8,
})

async function assertRefused(response: Response): Promise<void> {
  const body = (await response.json()) as { error?: unknown; error_codes?: unknown } // asserted below
  assert.ok([400, 401].includes(response.status), `status ${response.status}`)
  assert.equal(typeof body.error, 'string')
  assert.ok(Array.isArray(body.error_codes))
}

test('any form is refused with a code, never a crash', async () => {
  await fc.assert(
    fc.asyncProperty(form, async (pairs) => {
      await assertRefused(await stage.post(new URLSearchParams(pairs).toString()))
    }),
    { numRuns: 200 },
  )
})

test('any bytes as a body are refused with a code', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      await assertRefused(await stage.post(Buffer.from(bytes).toString('latin1')))
    }),
    { numRuns: 200 },
  )
})

test('any header and claims of an assertion are refused with a code', async () => {
  const json = fc.dictionary(
    fc.constantFrom('alg', 'x5t', 'kid', 'x5t#S256', 'iss', 'sub', 'aud', 'exp', 'nbf', 'x'),
    fc.jsonValue(),
  )
  await fc.assert(
    fc.asyncProperty(json, json, fc.string(), async (header, claims, signature) => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const client_assertion = `${part(header)}.${part(claims)}.${Buffer.from(signature).toString('base64url')}`
      await assertRefused(await stage.post(await stage.form({ client_assertion })))
    }),
    { numRuns: 200 },
  )
})

test('no character of a good assertion can be changed', async () => {
  const good = await assertion({ appId: stage.client.appId, certificate: stage.certificate })
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 2), fc.constantFrom('A', 'b', '_', '0'), async (at, character) => {
      fc.pre(good[at] !== character && good[at] !== '.')
      const client_assertion = good.slice(0, at) + character + good.slice(at + 1)
      await assertRefused(await stage.post(await stage.form({ client_assertion })))
    }),
    { numRuns: 150 },
  )
})

test('any path is answered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.webPath(), async (path) => {
      const response = await stage.app.request(`${origin}/${tenantId}${path}`)
      assert.ok(response.status < 500, `${path} was answered ${response.status}`)
    }),
    { numRuns: 200 },
  )
})
