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
      assert.match(next, /^https:\/\/localhost:8443\/v1\.0\//)
      path = next.slice('https://localhost:8443/v1.0'.length)
    }
    assert.deepEqual(found, all)
    assert.ok(sizes.slice(0, -1).every((size) => size === 3))
  }
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
