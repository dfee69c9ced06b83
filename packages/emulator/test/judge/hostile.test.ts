import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { bodyOf, createStage, now, origin, tenantId } from '../support/stage.ts'

/** Assertions that no library makes; the signature is not reached. */
let stage: Awaited<ReturnType<typeof createStage>>
before(async () => {
  stage = await createStage()
})

async function sendParts(
  header: string,
  claims: string,
): Promise<{ status: number; code: number | undefined }> {
  const part = (text: string) => Buffer.from(text).toString('base64url')
  const response = await stage.post(
    await stage.form({ client_assertion: `${part(header)}.${part(claims)}.AAAA` }),
  )
  return { status: response.status, code: (await bodyOf(response)).error_codes?.[0] }
}

const header = '{"alg":"PS256","x5t":"AAAA"}'
const claims = (changes: string) =>
  `{"iss":"${stage.client.appId}","sub":"${stage.client.appId}","aud":"${origin}/${tenantId}/v2.0","exp":${now / 1_000 + 60}${changes}}`

const cases: [string, () => Promise<{ status: number; code: number | undefined }>, number][] = [
  ['alg is an object', () => sendParts('{"alg":{"toString":1},"x5t":"AAAA"}', claims('')), 50027],
  ['alg is a list', () => sendParts('{"alg":["RS256"],"x5t":"AAAA"}', claims('')), 50027],
  [
    'alg is the name of an inherited member',
    () => sendParts('{"alg":"constructor","x5t":"AAAA"}', claims('')),
    5002738,
  ],
  [
    'aud is a list of lists',
    () => sendParts(header, claims(`,"aud":[["${origin}/${tenantId}/v2.0"]]`)),
    700023,
  ],
  [
    'aud is nested without end',
    () => sendParts(header, claims(`,"aud":${'['.repeat(5_000)}${']'.repeat(5_000)}`)),
    700023,
  ],
  ['nbf is out of every calendar', () => sendParts(header, claims(',"nbf":1e308')), 50027],
  ['exp is an object', () => sendParts(header, claims(',"exp":{}')), 50027],
  ['exp is -1e12', () => sendParts(header, claims(',"exp":-1e12')), 700024],
]
for (const [what, send, code] of cases) {
  test(`an assertion in which ${what} is refused with AADSTS${code}`, async () => {
    const answer = await send()
    assert.equal(answer.code, code)
    assert.ok(answer.status < 500)
  })
}

test('an app id in two tenants has its own roles in each', async () => {
  const other = '11111111-2222-3333-4444-555555555555'
  stage.directory.addTenant({ id: other, domains: [] })
  const { appId } = stage.client
  const api = stage.directory.addApp({ name: 'cars', tenantId: other, appRoles: ['Cars.Write'] })
  stage.directory.addApp({ name: 'billing', appId, tenantId: other })
  const grant = { clientAppId: appId, resourceAppId: api.appId, role: 'Cars.Write' }
  stage.directory.grantRole({ ...grant, tenantId: other })
  assert.deepEqual(stage.directory.findApp(other, appId)?.grants.length, 1)
  assert.deepEqual(stage.directory.findApp(tenantId, appId)?.grants, [])
  assert.throws(() => stage.directory.grantRole(grant), /in 2 tenants/)
})
