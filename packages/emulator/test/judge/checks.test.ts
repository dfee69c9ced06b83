import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { assertion, createStage, type Stage, sha } from '../support/stage.ts'

let stage: Stage
before(async () => {
  stage = await createStage()
})

test('a good request passes every check, in the order of the judgement', async () => {
  await stage.post(await stage.form())
  const judged = stage.judged.at(-1)
  assert.ok(judged)
  assert.equal(judged.refusal, undefined)
  assert.ok(judged.checks.every(({ passed }) => passed))
  const names = judged.checks.map(({ name }) => name)
  const landmarks = [
    'the tenant is known',
    'the application is known in the tenant',
    'scope is there',
    'the algorithm is taken',
    'iss is client_id',
    'the time is between nbf and exp',
    'the certificate is registered',
    'the certificate is valid now',
    'the signature is by the certificate’s key',
    'the resource is known in the tenant',
  ]
  assert.deepEqual(
    names.filter((name) => landmarks.includes(name)),
    landmarks,
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
        expected: sha('sha1', certificate).toString('hex').toUpperCase(),
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
