import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createGraphStage, type GraphStage } from '../support/graph.ts'

let stage: GraphStage
before(async () => {
  stage = await createGraphStage()
})

const unknown = '3b4e28ba-2fa1-41d2-883f-0016d3cca427'

const refused: readonly [
  what: string,
  method: string,
  path: string,
  body: unknown,
  status: number,
  code: string,
  message: RegExp,
][] = [
  [
    'an unknown object',
    'GET',
    `/applications/${unknown}`,
    undefined,
    404,
    'Request_ResourceNotFound',
    /^Resource '3b4e/,
  ],
  [
    'an unknown app id',
    'PATCH',
    `/applications(appId='${unknown}')`,
    {},
    404,
    'Request_ResourceNotFound',
    /^Resource '3b4e/,
  ],
  [
    'an unknown segment',
    'GET',
    '/nothing',
    undefined,
    400,
    'BadRequest',
    /^Resource not found for the segment 'nothing'\.$/,
  ],
  ['a broken escape', 'GET', '/%E0%A4%A', undefined, 400, 'BadRequest', /^Resource not found/],
  [
    'a method that there is not',
    'DELETE',
    '/applications',
    undefined,
    405,
    'Request_BadRequest',
    /method is not allowed/,
  ],
  ['no body', 'POST', '/applications', '', 400, 'Request_BadRequest', /^Empty Payload/],
  [
    'a body that is no JSON',
    'POST',
    '/applications',
    '{',
    400,
    'BadRequest',
    /^Unable to read JSON request payload/,
  ],
  ['a list for a body', 'POST', '/applications', '[]', 400, 'BadRequest', /^Unable to read JSON/],
  [
    'a body that is nested too deeply',
    'POST',
    '/applications',
    `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`,
    400,
    'Request_BadRequest',
    /too deeply/,
  ],
  [
    'a body of more than 1 MiB',
    'POST',
    '/applications',
    `"${'x'.repeat(1_048_577)}"`,
    413,
    'RequestEntityTooLarge',
    /too large/,
  ],
  [
    'no displayName',
    'POST',
    '/applications',
    {},
    400,
    'Request_BadRequest',
    /'displayName' of resource 'Application'/,
  ],
  [
    'a property that there is not',
    'POST',
    '/applications',
    { displayName: 'x', colour: 1 },
    400,
    'Request_BadRequest',
    /^Invalid property 'colour'\.$/,
  ],
  [
    'a property of objects',
    'POST',
    '/applications',
    { displayName: 'x', toString: 1 },
    400,
    'Request_BadRequest',
    /^Invalid property 'toString'\.$/,
  ],
  [
    'a property that is read-only',
    'POST',
    '/applications',
    { displayName: 'x', appId: unknown },
    400,
    'Request_BadRequest',
    /^Property 'appId' is read-only/,
  ],
  [
    'an audience that there is not',
    'POST',
    '/applications',
    { displayName: 'x', signInAudience: 'All' },
    400,
    'Request_BadRequest',
    /signInAudience/,
  ],
  [
    'a URI that another app has',
    'POST',
    '/applications',
    { displayName: 'x', identifierUris: ['https://graph.microsoft.com'] },
    400,
    'Request_BadRequest',
    /^Another object with the same value/,
  ],
  [
    'an app role without a value',
    'POST',
    '/applications',
    { displayName: 'x', appRoles: [{}] },
    400,
    'Request_BadRequest',
    /appRoles/,
  ],
  [
    'a secret that the client chose',
    'POST',
    '/applications',
    { displayName: 'x', passwordCredentials: [{ secretText: 'mine' }] },
    400,
    'Request_BadRequest',
    /passwordCredentials/,
  ],
]
for (const [what, method, path, body, status, code, message] of refused) {
  test(`${what} is answered with ${status} ${code}, and nothing is made`, async () => {
    const before = stage.directory.applicationsOf(stage.directory.tenants()[0] ?? assert.fail()).length
    const answer = await stage.call(method, path, body)
    assert.deepEqual([answer.status, answer.body.error.code], [status, code])
    assert.match(answer.body.error.message, message)
    assert.equal(stage.directory.applicationsOf(stage.directory.tenants()[0] ?? assert.fail()).length, before)
  })
}

test('an error of one request leaves the URI free for the next', async () => {
  const body = { displayName: 'uris', identifierUris: ['api://uris'] }
  assert.equal((await stage.call('POST', '/applications', { ...body, keyCredentials: 7 })).status, 400)
  assert.equal((await stage.call('POST', '/applications', body)).status, 201)
})
