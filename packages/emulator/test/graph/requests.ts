import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createGraphStage, type GraphStage } from '../support/graph.ts'

let stage: GraphStage
before(async () => {
  stage = await createGraphStage()
  for (let n = 0; n < 7; n += 1)
    stage.control.addApp({ name: `page ${n}`, identifierUris: [`api://page-${n}`] })
  stage.control.addApp({ name: "O'Brien and Sons", identifierUris: ['api://obrien'] })
})

const names = (body: { value: { displayName: string }[] }) => body.value.map(({ displayName }) => displayName)
const list = (query: string, set = 'applications') =>
  stage.call('GET', `/${set}?${new URLSearchParams(query)}`)

test('a list comes in pages, each with the link to the next, without gaps and repeats', async () => {
  const all = names((await stage.call('GET', '/applications')).body)
  for (const prefix of ['', '/myorganization']) {
    let path = `${prefix}/applications?$top=3&$select=id,displayName`
    const found: string[] = []
    const sizes: number[] = []
    for (;;) {
      const { status, body } = await stage.call('GET', path)
      assert.equal(status, 200)
      found.push(...names(body))
      sizes.push(body.value.length)
      const next = body['@odata.nextLink']
      if (next === undefined) break
      assert.match(next, /^https:\/\/localhost:8443\/v1\.0\/.*\?\$top=3&.*\$skiptoken=[\w-]+$/)
      path = next.slice('https://localhost:8443/v1.0'.length)
    }
    assert.deepEqual(found, all)
    assert.ok(sizes.slice(0, -1).every((size) => size === 3))
  }
})

test('the link to the next page carries the filter, blanks and plus signs in it too', async () => {
  for (const name of ['a + b 1', 'a + b 2']) stage.control.addApp({ name })
  const { body } = await list("$filter=startswith(displayName,'a %2B b')&$top=1")
  const next = body['@odata.nextLink'].slice('https://localhost:8443/v1.0'.length)
  assert.deepEqual([names(body), names((await stage.call('GET', next)).body)], [['a + b 1'], ['a + b 2']])
})

test('a page that ended in an object that is gone has expired', async () => {
  const token = Buffer.from('3b4e28ba-2fa1-41d2-883f-0016d3cca427').toString('base64url')
  const { status, body } = await list(`$skiptoken=${token}`)
  assert.deepEqual([status, body.error.code], [400, 'Directory_ExpiredPageToken'])
})

const filters: readonly [filter: string, found: readonly string[]][] = [
  ["displayName eq 'page 3'", ['page 3']],
  ["displayName eq 'PAGE 3'", ['page 3']],
  ["startswith(displayName,'page')", ['page 0', 'page 1', 'page 2', 'page 3', 'page 4', 'page 5', 'page 6']],
  ["identifierUris/any(s:s eq 'api://page-5')", ['page 5']],
  ["displayName in ('page 1', 'page 2')", ['page 1', 'page 2']],
  ["displayName eq 'O''Brien and Sons'", ["O'Brien and Sons"]],
  ["startswith(displayName,'page') and identifierUris/any(x: x eq 'api://page-0')", ['page 0']],
  ["displayName eq 'nobody'", []],
]
for (const [filter, found] of filters) {
  test(`$filter=${filter} finds ${found.length}`, async () => {
    assert.deepEqual(names((await list(`$filter=${filter}`)).body), found)
  })
}

test('$filter finds by app id, and service principals by their names', async () => {
  const { appId, servicePrincipalId } = stage.client
  assert.deepEqual(names((await list(`$filter=appId eq '${appId}'`)).body), ['billing'])
  for (const filter of [
    `appId eq '${appId}'`,
    `servicePrincipalNames/any(c:c eq '${appId}')`,
    `id eq '${servicePrincipalId}' and accountEnabled eq true`,
  ])
    assert.deepEqual(names((await list(`$filter=${filter}`, 'servicePrincipals')).body), ['billing'], filter)
})

test('$select leaves the rest out, $count counts, $orderby sorts', async () => {
  const { body } = await list(
    "$select=appId,displayName&$count=true&$top=2&$orderby=displayName desc&$filter=startswith(displayName,'page')",
  )
  assert.equal(body['@odata.count'], 7)
  assert.deepEqual(names(body), ['page 6', 'page 5'])
  assert.deepEqual(Object.keys(body.value[0]), ['appId', 'displayName'])
  const count = await stage.call('GET', '/applications/$count', undefined, {
    headers: { consistencylevel: 'eventual' },
  })
  assert.equal(count.body, names((await stage.call('GET', '/applications?$top=999')).body).length)
  const principals = await stage.call('GET', '/servicePrincipals/$count')
  assert.equal(principals.body, names((await stage.call('GET', '/servicePrincipals?$top=999')).body).length)
})

const refused: readonly [query: string, code: string][] = [
  ['$top=0', 'Request_UnsupportedQuery'],
  ['$top=1000', 'Request_UnsupportedQuery'],
  ['$top=all', 'Request_UnsupportedQuery'],
  ['$select=colour', 'BadRequest'],
  ['$filter=', 'BadRequest'],
  ['$filter=displayName', 'BadRequest'],
  ["$filter=displayName eq 'a' or displayName eq 'b'", 'BadRequest'],
  ["$filter=notes eq 'x'", 'Request_UnsupportedQuery'],
  [`$filter=displayName eq '${'x'.repeat(5000)}'`, 'Request_UnsupportedQuery'],
  [`$filter=displayName in (${"'a'  ".repeat(500)}!`, 'BadRequest'],
  ["$filter=displayName in ('a' 'b')", 'BadRequest'],
  ['$expand=owners', 'Request_UnsupportedQuery'],
  ['$search="displayName:x"', 'Request_UnsupportedQuery'],
  ['$orderby=notes', 'Request_UnsupportedQuery'],
]
for (const [query, code] of refused) {
  test(`${query.slice(0, 60)} is refused and not passed over`, async () => {
    const { status, body } = await list(query)
    assert.deepEqual([status, body.error.code], [400, code])
  })
}

test('owners are read, added and removed by reference', async () => {
  const path = `/applications/${stage.client.objectId}/owners`
  const id = stage.api.servicePrincipalId
  const reference = { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${id}` }
  assert.equal((await stage.call('POST', `${path}/$ref`, reference)).status, 204)
  const again = await stage.call('POST', `${path}/$ref`, reference)
  assert.match(again.body.error.message, /already exist for the following modified properties: 'owners'/)
  assert.deepEqual(names((await stage.call('GET', path)).body), ['cars'])
  assert.equal((await stage.call('DELETE', `${path}/${id}/$ref`)).status, 204)
  assert.equal((await stage.call('DELETE', `${path}/${id}/$ref`)).status, 404)
  assert.equal((await stage.call('POST', `${path}/$ref`, { '@odata.id': 'nobody' })).status, 404)
})

const unknown = '3b4e28ba-2fa1-41d2-883f-0016d3cca427'
const refusedRequests: readonly [
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
for (const [what, method, path, body, status, code, message] of refusedRequests) {
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
