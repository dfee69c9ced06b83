import assert from 'node:assert/strict'
import { openAsBlob } from 'node:fs'
import { createServer as createPlainServer } from 'node:http'
import { createServer } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { createClient } from '../../src/client/client.ts'
import { startProxy, throughTo } from '../support/connect-proxy.ts'
import { newCredential } from '../support/credential.ts'
import { listen } from '../support/listen.ts'
import { skipWithoutOpenssl } from '../support/openssl.ts'
import { selfSigned } from '../support/tls.ts'

const names = ['https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY']
const kept = names.map((name) => [name, process.env[name]] as const)
before(() => {
  for (const name of names) delete process.env[name]
})
after(() => {
  for (const [name, value] of kept) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
})

/** One server for tokens and for the API, under a CA of its own. */
async function stage(host: string) {
  const keys = selfSigned(host)
  const asked: unknown[] = []
  const server = createServer(keys, ({ url = '', headers }, response) => {
    if (url.includes('/token')) {
      response.setHeader('content-type', 'application/json')
      return response.end('{"token_type":"Bearer","expires_in":3600,"access_token":"a"}')
    }
    asked.push([url, headers.authorization])
    if (url === '/away')
      return response.writeHead(307, { location: `https://localhost:${otherPort}/there` }).end()
    return response.end('data')
  })
  const other = createServer(keys, ({ url, headers }, response) => {
    asked.push([url, headers.authorization])
    response.end('other')
  })
  const [port, otherPort] = [await listen(server), await listen(other)]
  const clientAt = async (authority: string, ca?: string) =>
    createClient({ tenant: 'contoso.com', authority, clientId: 'app', credential: await newCredential(), ca })
  return { ...keys, port, otherPort, asked, clientAt }
}

describe('client.fetch', skipWithoutOpenssl, () => {
  test('goes through HTTPS_PROXY and trusts ca, as the request for the token does', async () => {
    const { cert, port, asked, clientAt } = await stage('api.x5t.example')
    const proxy = await startProxy(throughTo(port))
    process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`
    const client = await clientAt('https://api.x5t.example', cert)
    const response = await client.fetch('https://api.x5t.example/cars')
    assert.deepEqual([response.status, await response.text()], [200, 'data'])
    assert.deepEqual(asked, [['/cars', 'Bearer a']])
    assert.equal(proxy.asked.length, 2)
    delete process.env.HTTPS_PROXY
  })

  test('goes directly where NO_PROXY says so', async () => {
    const { cert, port, asked, clientAt } = await stage('localhost')
    process.env.HTTPS_PROXY = 'http://127.0.0.1:1'
    process.env.NO_PROXY = 'localhost'
    const client = await clientAt(`https://localhost:${port}`, cert)
    assert.equal((await client.fetch(`https://localhost:${port}/cars`)).status, 200)
    assert.deepEqual(asked, [['/cars', 'Bearer a']])
    delete process.env.HTTPS_PROXY
    delete process.env.NO_PROXY
  })

  test('takes the token to no other origin', async () => {
    const { cert, port, otherPort, asked, clientAt } = await stage('localhost')
    const client = await clientAt(`https://localhost:${port}`, cert)
    const response = await client.fetch(`https://localhost:${port}/away`)
    assert.deepEqual([response.url, await response.text()], [`https://localhost:${otherPort}/there`, 'other'])
    assert.deepEqual(asked, [
      ['/away', 'Bearer a'],
      ['/there', undefined],
    ])
  })
})

const file = await openAsBlob(import.meta.filename)
const form = new FormData()
form.set('file', file)
const claims = Buffer.from('{"access_token":{}}').toString('base64')
const challenge = `Bearer error="insufficient_claims", claims="${claims}"`

for (const [name, body] of Object.entries({ file, form })) {
  test(`a ${name} goes with its length, as not every service takes a chunked one, after a challenge too`, async () => {
    const seen: (readonly [length: number, named: number])[] = []
    const server = createPlainServer(async (request, response) => {
      const bytes = await buffer(request)
      if (request.url?.includes('/token'))
        return response
          .setHeader('content-type', 'application/json')
          .end('{"token_type":"Bearer","expires_in":3600,"access_token":"a"}')
      seen.push([bytes.length, Number(request.headers['content-length'])])
      return response.writeHead(seen.length === 1 ? 401 : 200, { 'www-authenticate': challenge }).end()
    })
    const authority = `http://127.0.0.1:${await listen(server)}`
    const options = { tenant: 'contoso.com', authority, allowHttpAuthority: true, clientId: 'app' }
    const client = createClient({ ...options, credential: await newCredential() })
    assert.equal((await client.fetch(`${authority}/upload`, { method: 'PUT', body })).status, 200)
    const [[first] = [0]] = seen
    assert.ok(first >= file.size)
    assert.deepEqual(seen, [
      [first, first],
      [first, first],
    ])
  })
}

for (const [method, expected] of [
  ['POST', ['POST /pay', 'GET /receipt']],
  ['GET', ['GET /pay', 'GET /receipt', 'GET /pay', 'GET /receipt']],
] as const) {
  test(`a challenge where a redirect of ${method} has led sends ${expected.length} requests`, async () => {
    const seen: string[] = []
    let tokens = 0
    const server = createPlainServer(async ({ method, url, headers }, response) => {
      if (url?.includes('/token'))
        return response
          .setHeader('content-type', 'application/json')
          .end(`{"token_type":"Bearer","expires_in":3600,"access_token":"${++tokens}"}`)
      seen.push(`${method} ${url}`)
      if (url === '/pay') return response.writeHead(303, { location: '/receipt' }).end()
      if (headers.authorization !== 'Bearer 1') return response.end('receipt')
      return response.writeHead(401, { 'www-authenticate': challenge }).end()
    })
    const authority = `http://127.0.0.1:${await listen(server)}`
    const options = { tenant: 'contoso.com', authority, allowHttpAuthority: true, clientId: 'app' }
    const client = createClient({ ...options, credential: await newCredential() })
    const { status } = await client.fetch(`${authority}/pay`, { method })
    assert.deepEqual([status, tokens, seen], [method === 'GET' ? 200 : 401, 2, expected])
    assert.equal(await (await client.fetch(`${authority}/receipt`)).text(), 'receipt')
  })
}
