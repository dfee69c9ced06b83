import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { notReached, type Way } from '../../src/judge/steps.ts'
import { assertion, createStage, type Stage, sha, tenantId } from '../support/stage.ts'

let stage: Stage
before(async () => {
  stage = await createStage()
})

const claims = JSON.stringify({ access_token: { xms_cc: { values: ['cp1'] } } })
const ways: readonly [what: string, ways: readonly Way[], changes: Record<string, string | undefined>][] = [
  ['v2 by certificate', ['v2', 'assertion', 'thumbprint'], {}],
  ['v2 by certificate with claims', ['v2', 'claims', 'assertion', 'thumbprint'], { claims }],
  ['v2 by secret', ['v2', 'secret'], { client_assertion: undefined, client_secret: 'correct horse' }],
]
for (const [what, on, changes] of ways) {
  test(`a good request to ${what} passes every check of its way, in the order of the judgement`, async () => {
    const other = await createStage({ secrets: ['correct horse'] })
    await other.post(await other.form(changes))
    const judged = other.judged.at(-1)
    assert.ok(judged)
    assert.equal(judged.refusal, undefined)
    assert.ok(judged.checks.every(({ passed }) => passed))
    assert.deepEqual(
      judged.checks.map(({ name }) => name),
      notReached(new Set(on), []),
    )
  })
}

test('a good request to v1 passes every check of its way', async () => {
  const resource = `api://${stage.api.appId}`
  await stage.post(await stage.form({ scope: undefined, resource }), { path: `/${tenantId}/oauth2/token` })
  const judged = stage.judged.at(-1)
  assert.equal(judged?.refusal, undefined)
  assert.deepEqual(
    judged?.checks.map(({ name }) => name),
    notReached(new Set(['v1', 'assertion', 'thumbprint']), []),
  )
})

test('a refused request fails at one check, the last, which says what was expected and what came', async () => {
  const { client, certificate } = stage
  const jwt = await assertion({ appId: client.appId, certificate, header: { 'x5t#S256': 'A'.repeat(43) } })
  const response = await stage.post(await stage.form({ client_assertion: jwt }), {
    headers: { 'client-request-id': 'e64db4f4-3d67-4ba1-a04a-4a9dbb7ce0cd' },
  })
  const judged = stage.judged.at(-1)
  assert.equal(judged?.refusal?.aadsts, 700027)
  assert.equal(judged.correlationId, 'e64db4f4-3d67-4ba1-a04a-4a9dbb7ce0cd')
  assert.equal(judged.traceId, response.headers.get('x-ms-request-id'))
  assert.deepEqual(
    judged.checks.filter(({ passed }) => !passed),
    [
      {
        name: 'the certificate is registered',
        passed: false,
        expected: sha('sha256', certificate).toString('base64url'),
        found: 'A'.repeat(43),
      },
    ],
  )
  assert.equal(judged.checks.at(-1)?.passed, false)
})

test('what is told of a request holds no assertion, no secret and no token', async () => {
  const secret = 'correct horse battery staple'
  const other = await createStage({ secrets: [secret] })
  const form = await other.form()
  await other.post(form)
  await other.post(await other.form({ client_assertion: undefined, client_secret: secret }))
  const told = JSON.stringify(other.judged)
  assert.ok(!told.includes(secret))
  assert.ok(!told.includes(new URLSearchParams(form).get('client_assertion')?.split('.').at(-1) ?? ''))
  assert.ok(!told.includes('eyJ'))
})
