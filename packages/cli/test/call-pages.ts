import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { api, json, listen, service, stage } from './support/call-stage.ts'

test('the items of all pages are one array, or a line each', async () => {
  service.answer = (request, response) => {
    const page = Number(new URL(request.url ?? '', api).searchParams.get('page') ?? 1)
    const next = page < 3 ? { '@odata.nextLink': `${api}/users?page=${page + 1}` } : {}
    return json({ value: [{ id: page }, { id: -page }], ...next })(request, response)
  }
  const array = await stage.x5t(['call', `${api}/users`, '--paginate'])
  assert.equal(array.code, 0, array.stderr)
  assert.deepEqual(
    JSON.parse(array.stdout).map(({ id }: { id: number }) => id),
    [1, -1, 2, -2, 3, -3],
  )
  const lines = await stage.x5t(['call', `${api}/users`, '--paginate', '--output', 'lines'])
  assert.equal(lines.stdout.split('\n')[2], '{"id":2}')
  const few = await stage.x5t(['call', `${api}/users`, '--paginate', '--max-pages', '2'])
  assert.equal(few.code, 4)
  assert.match(few.stderr, /more than 2 pages/)
  service.answer = json({ value: [] })
  assert.equal((await stage.x5t(['call', api, '--paginate'])).stdout, '[]\n')
})

test('a next page on another host, and one that was read, end the call', async () => {
  service.answer = json({ value: [1], '@odata.nextLink': 'https://evil.example/users' })
  const stolen = await stage.x5t(['call', api, '--paginate'])
  assert.equal(stolen.code, 4)
  assert.match(stolen.stderr, /@odata\.nextLink leads to https:\/\/evil\.example; the token stays/)
  service.answer = (request, response) =>
    json({ value: [1], '@odata.nextLink': `${api}/` })(request, response)
  assert.match((await stage.x5t(['call', `${api}/`, '--paginate'])).stderr, /leads back to a page/)
})

test('the token does not follow a page that a redirect found on another host', async () => {
  const others: IncomingMessage[] = []
  const other = await listen((request, response) => {
    others.push(request)
    json({ value: [1], '@odata.nextLink': `${other}/more` })(request, response)
  })
  service.answer = (_, response) => response.writeHead(302, { location: `${other}/users` }).end()
  const { code, stderr } = await stage.x5t(['call', api, '--paginate'])
  assert.equal(code, 4)
  assert.match(stderr, /@odata\.nextLink leads to http:\/\/127\.0\.0\.1:\d+; the token stays with/)
  assert.deepEqual(
    others.map(({ headers }) => headers.authorization),
    [undefined],
  )
})
