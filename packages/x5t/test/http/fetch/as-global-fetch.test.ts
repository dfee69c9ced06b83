import assert from 'node:assert/strict'
import { openAsBlob } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { text } from 'node:stream/consumers'
import { beforeEach, test } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { createFetch } from '../../../src/http/create-fetch.ts'
import { listen } from '../../support/listen.ts'

/** The oracle is the global `fetch`: the same requests to the same two servers, and both must tell the same. */
const plain = 'a text that is long enough to be worth it, '.repeat(50)
const bodies: Record<string, [coding: string, bytes: Buffer]> = {
  gzip: ['gzip', gzipSync(plain)],
  'x-gzip': ['X-GZIP', gzipSync(plain)],
  deflate: ['deflate', deflateSync(plain)],
  'raw-deflate': ['deflate', deflateRawSync(plain)],
  br: ['br', brotliCompressSync(plain)],
  layers: ['gzip, br', brotliCompressSync(gzipSync(plain))],
  identity: ['identity', Buffer.from(plain)],
  unknown: ['x-own', Buffer.from('as it came')],
  'empty-gzip': ['gzip', Buffer.alloc(0)],
  'long-deflate': ['deflate', Buffer.concat([deflateRawSync(plain), Buffer.from('more than that')])],
  'empty-deflate': ['deflate', Buffer.alloc(0)],
  'cut-deflate': ['deflate', deflateSync(plain).subarray(0, -2)],
  'cut-gzip': ['gzip', gzipSync(plain).subarray(0, -4)],
}

interface Seen {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly body: string
  readonly headers: Readonly<Record<string, unknown>>
}

const compared = [
  'authorization',
  'cookie',
  'content-type',
  'content-length',
  'transfer-encoding',
  'x-own',
  'accept',
]
let seen: Seen[] = []

/** What parts the fields of a form is chosen anew for each. */
const withoutBoundary = (text: string) => text.replace(/formdata-undici-\d+/g, 'boundary')

function seenOf({ method, url, headers }: IncomingMessage, body: string): Seen {
  const named = compared.map((name) => [name, withoutBoundary(String(headers[name]))])
  return { method, path: url, body, headers: Object.fromEntries(named) }
}

const serve: RequestListener = async (request, response) => {
  const body = withoutBoundary(await text(request))
  seen.push(seenOf(request, body))
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
  const [, what = '', detail = ''] = pathname.split('/')
  response.setHeader('date', 'Thu, 01 Jan 2026 00:00:00 GMT')
  if (what === 'to') {
    const to = searchParams.get('to')
    return response.writeHead(Number(detail), to === null ? {} : { location: to }).end('moved')
  }
  if (what === 'status') return response.writeHead(Number(detail), 'As Said', { 'x-own': 'é' }).end()
  if (what === 'cookies') return response.setHeader('set-cookie', ['a=1; Path=/', 'b=2']).end()
  if (what === 'twice') return response.setHeader('x-twice', ['a', 'b']).end()
  const [coding, bytes] = bodies[detail] ?? []
  if (what === 'coded' && coding !== undefined)
    return response.setHeader('content-encoding', coding).end(bytes)
  return response.end(`${request.method} ${body}`)
}

const home = `http://127.0.0.1:${await listen(createServer(serve))}`
const other = `http://127.0.0.1:${await listen(createServer(serve))}`
beforeEach(() => {
  seen = []
})

async function told(fetch: typeof globalThis.fetch, path: string, init: RequestInit) {
  seen = []
  try {
    const response = await fetch(`${home}${path.replaceAll('OTHER', other).replaceAll('HOME', home)}`, init)
    const { status, statusText, url, redirected, ok } = response
    // Of the connection, not of the answer: the global one asks to close it after a HEAD.
    const headers = [...response.headers].filter(([name]) => !/^(connection|keep-alive)$/.test(name))
    const body = response.body === null ? null : await response.text()
    return { status, statusText, url, redirected, ok, headers, body, seen }
  } catch {
    return { failed: true, seen }
  }
}

const ofOrigin = { authorization: 'Bearer a', cookie: 'c=1', 'x-own': 'kept' }
const post = () => ({ method: 'POST', body: 'car', headers: { ...ofOrigin, 'content-type': 'text/x-car' } })
const streamed = () => ({ method: 'POST', body: new Blob(['car']).stream(), duplex: 'half' as const })
const file = await openAsBlob(import.meta.filename)
const parts = new Blob(Array.from({ length: 40 }, (_, part) => Buffer.alloc(65_536, part)))
const put = (body: Blob) => () => ({ method: 'PUT', body })
const form = (fields: Readonly<Record<string, string | Blob>>, headers = {}) => {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    body.append(name, 'first')
    body.append(name, value)
  }
  return () => ({ method: 'POST', body, headers })
}

/** A body is used once, so that each side makes its own. */
const cases: [name: string, path: string, init?: () => RequestInit][] = [
  ['GET', '/echo?a=%20b'],
  ['a fragment', '/echo#there'],
  ['HEAD', '/echo', () => ({ method: 'HEAD' })],
  ['HEAD of an encoded answer', '/coded/gzip', () => ({ method: 'HEAD' })],
  ['POST of text', '/echo', post],
  ['POST of nothing', '/echo', () => ({ method: 'POST' })],
  ['POST of empty text', '/echo', () => ({ method: 'POST', body: '' })],
  ['POST of bytes', '/echo', () => ({ method: 'POST', body: new Uint8Array([97, 98]) })],
  ['POST of a search', '/echo', () => ({ method: 'POST', body: new URLSearchParams({ a: 'b c' }) })],
  ['POST of a blob', '/echo', () => ({ method: 'POST', body: new Blob(['car'], { type: 'text/x-car' }) })],
  ['PUT of a file', '/echo', put(file)],
  ['PUT of a part of a file', '/echo', put(file.slice(100, 900))],
  ['PUT of a blob of many parts', '/echo', put(parts)],
  ['PUT of an empty blob', '/echo', put(new Blob([]))],
  ['POST of a form', '/echo', form({ a: 'é', 'n"1\n2\r3\r\n': 'x\ny\rz\r\n', '': '' })],
  ['POST of an empty form', '/echo', form({})],
  [
    'POST of a form with files',
    '/echo',
    form({ file, é: new File(['a'], '"ü\n".txt', { type: 'Text/Car' }) }),
  ],
  ['POST of a long form', '/echo', form({ parts, text: plain.repeat(1_000) })],
  ['POST of a form under another type', '/echo', form({ a: 'b' }, { 'content-type': 'text/x-car' })],
  ['PATCH', '/echo', () => ({ method: 'PATCH', body: '{}' })],
  ['DELETE', '/echo', () => ({ method: 'DELETE' })],
  ['DELETE with a body', '/echo', () => ({ method: 'DELETE', body: 'why' })],
  ['an accept of one’s own', '/echo', () => ({ headers: { accept: 'text/x-car' } })],
  ['a header twice', '/twice'],
  ['two cookies', '/cookies'],
  ...[200, 201, 204, 205, 304, 400, 404, 418, 500, 503, 599].map(
    (status) => [`status ${status}`, `/status/${status}`] as [string, string],
  ),
  ...Object.keys(bodies).map((name) => [`coding ${name}`, `/coded/${name}`] as [string, string]),
  ...[300, 301, 302, 303, 304, 307, 308].flatMap((status): typeof cases => [
    [`${status} after GET`, `/to/${status}?to=/echo`],
    [`${status} after HEAD`, `/to/${status}?to=/echo`, () => ({ method: 'HEAD' })],
    [`${status} after POST`, `/to/${status}?to=/echo`, post],
    [`${status} after PUT`, `/to/${status}?to=/echo`, () => ({ ...post(), method: 'PUT' })],
    [`${status} to another origin`, `/to/${status}?to=OTHER/echo`, post],
    [`${status}, manual`, `/to/${status}?to=/echo`, () => ({ redirect: 'manual' })],
    [`${status}, error`, `/to/${status}?to=/echo`, () => ({ redirect: 'error' })],
  ]),
  ['a redirect there and back', '/to/307?to=OTHER/to/307%3Fto%3DHOME/echo', post],
  ['a redirect of a file', '/to/308?to=OTHER/echo', put(file)],
  ['a redirect of a form', '/to/307?to=OTHER/echo', form({ file })],
  ['a redirect of a form that makes it a GET', '/to/302?to=/echo', form({ file })],
  ['a stream', '/echo', streamed],
  ['a stream that a redirect turns to GET', '/to/303?to=/echo', streamed],
  ['a stream that a redirect wants again', '/to/307?to=/echo', streamed],
  ['a redirect without address', '/to/302'],
  ['a redirect to what is no address', '/to/302?to=http://['],
  ['a redirect to another scheme', '/to/302?to=ftp://localhost/'],
  ['a redirect to data', '/to/302?to=data:,a'],
  ['a redirect to itself', '/to/302?to=/to/302%3Fto=%252Fecho'],
  ['a redirect with a fragment', '/to/302?to=/echo%23there'],
  ['a fragment through a redirect', '/to/302?to=/echo#there'],
  ['an endless redirect', '/to/302?to=?to='],
]

for (const [name, path, init = () => ({})] of cases) {
  test(`as the global fetch: ${name}`, async () => {
    const theirs = await told(globalThis.fetch, path, init())
    assert.notEqual(theirs.seen.length, 0)
    assert.deepEqual(await told(createFetch(), path, init()), theirs)
  })
}

for (const loops of [20, 21]) {
  test(`${loops} redirects are ${loops > 20 ? 'too many, for both' : 'followed, by both'}`, async () => {
    let path = '/echo'
    for (let count = 0; count < loops; count++) path = `/to/302?to=${encodeURIComponent(path)}`
    const ours = await told(createFetch({}), path, {})
    assert.deepEqual(ours, await told(globalThis.fetch, path, {}))
    assert.equal('failed' in ours, loops > 20)
  })
}

for (const [name, path, init] of cases.filter(([name]) =>
  /^30[^04], error$|another scheme|no address/.test(name),
)) {
  test(`what ends astray says so: ${name}`, async () => {
    const failing = createFetch()(`${home}${path}`, init?.())
    await assert.rejects(failing, { name: 'TransportError', code: 'ERR_RESPONSE_INVALID', retryable: false })
  })
}
