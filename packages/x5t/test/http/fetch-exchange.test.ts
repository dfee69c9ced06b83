import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { test } from 'node:test'
import { fetchExchange } from '../../src/http/fetch-exchange.ts'
import { maxBodyBytes, type PhaseLimits, phaseLimits } from '../../src/http/limits.ts'
import { settled } from '../support/deferred.ts'
import { listen } from '../support/listen.ts'

/** For what must be given up; what answers has the usual time. */
const short = { ...phaseLimits, headers: 200, body: 200 }
const url = new URL('https://login.example/token')
type Fetch = typeof globalThis.fetch

const post = (fetch: Fetch, to = url, signal?: AbortSignal, limits: PhaseLimits = phaseLimits) =>
  fetchExchange(fetch, limits)({ method: 'POST', url: to, headers: { a: 'b' }, body: 'x=1', signal })
const serve = async (listener: RequestListener) =>
  new URL(`http://127.0.0.1:${await listen(createServer(listener))}/`)

test('an answer over the global fetch comes as it was sent', async () => {
  const to = await serve((request, response) => {
    response.writeHead(201, { 'content-type': 'text/plain', 'x-a': request.headers.a })
    request.pipe(response)
  })
  const { status, headers, body } = await post(fetch, to)
  assert.deepEqual([status, headers['x-a'], body.toString()], [201, 'b', 'x=1'])
})

test('a redirect is not followed', async () => {
  const paths: unknown[] = []
  const to = await serve(({ url }, response) => {
    paths.push(url)
    response.writeHead(307, { location: '/elsewhere' }).end()
  })
  const { status, headers } = await post(fetch, to)
  assert.deepEqual([status, headers.location, paths], [307, '/elsewhere', ['/']])
})

test('what a fetch has brought from where it was not sent is no answer', async () => {
  const to = await serve(({ url }, response) =>
    url === '/' ? response.writeHead(307, { location: '/elsewhere' }).end() : response.end('{}'),
  )
  const follows: Fetch = (input, init) => fetch(input, { ...init, redirect: 'follow' })
  await assert.rejects(post(follows, to), { code: 'ERR_RESPONSE_INVALID', retryable: false })
})

test('a Content-Encoding that is a lie holds nobody', { timeout: 5_000 }, async () => {
  const to = await serve((_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end('{"access_token":"a"}'),
  )
  // Node 20 waits for ever and is ended by the limit; newer ones see that it is no gzip.
  await assert.rejects(
    post(fetch, to, undefined, short),
    ({ code }) => code === 'ERR_TIMEOUT' || code === 'ERR_NO_ANSWER',
  )
})

test('a body is read up to the limit and no further', async () => {
  const whole = await post(async () => new Response(Buffer.alloc(maxBodyBytes)))
  assert.equal(whole.body.length, maxBodyBytes)
  await assert.rejects(
    post(async () => new Response(Buffer.alloc(maxBodyBytes + 1))),
    { code: 'ERR_RESPONSE_INVALID', retryable: false },
  )
})

test('a fetch that neither answers nor listens to its signal is left after the limit', async () => {
  await assert.rejects(
    post(() => new Promise(() => {}), url, undefined, short),
    { code: 'ERR_TIMEOUT', message: 'login.example sent no answer within 0.2 s', retryable: true },
  )
})

test('a body that drips is left after the limit, however many bytes came', async () => {
  const drips: Fetch = async () => {
    const body = new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        controller.enqueue(Buffer.from(' '))
      },
    })
    return new Response(body)
  }
  await assert.rejects(post(drips, url, undefined, short), {
    code: 'ERR_TIMEOUT',
    message: /did not finish its answer within 0\.2 s/,
  })
})

test('an abort ends it with its reason, before and during it', async () => {
  const boom = new Error('boom')
  let asked = 0
  const hangs: Fetch = () => {
    asked++
    return new Promise(() => {})
  }
  const leaver = new AbortController()
  const waiting = post(hangs, url, leaver.signal)
  leaver.abort(boom)
  await assert.rejects(waiting, boom)
  await assert.rejects(post(hangs, url, AbortSignal.abort(boom)), boom)
  assert.equal(asked, 1)
})

test('an abort that comes with the call of a fetch is not waited out', { timeout: 5_000 }, async () => {
  const leaver = new AbortController()
  const leaves: Fetch = () => {
    leaver.abort(new Error('left'))
    return new Promise(() => {})
  }
  await assert.rejects(post(leaves, url, leaver.signal), { message: 'left' })
})

test('an answer leaves no listener at the signal that the fetch was given', async () => {
  const given: EventTarget[] = []
  await post(async (_, init) => {
    if (init?.signal) given.push(init.signal)
    return new Response('{}')
  })
  await settled()
  assert.deepEqual(
    given.map((signal) => getEventListeners(signal, 'abort').length),
    [0],
  )
})

test('why a connection failed is found inside what fetch throws', async () => {
  const closed = createServer()
  const port = await listen(closed)
  closed.close()
  await assert.rejects(post(fetch, new URL(`http://127.0.0.1:${port}/`)), {
    code: 'ERR_NO_ANSWER',
    message: `no answer from 127.0.0.1:${port}: connection refused`,
    retryable: true,
    staleConnection: false,
  })
})

test('an error that is its own cause ends like every other', async () => {
  const broken: Error & { cause?: unknown } = new Error('broken')
  broken.cause = broken
  await assert.rejects(
    post(async () => Promise.reject(broken)),
    { code: 'ERR_NO_ANSWER', message: 'no answer from login.example: broken' },
  )
})

const distrust: readonly [code: string, said: string, hint: RegExp][] = [
  ['SELF_SIGNED_CERT_IN_CHAIN', 'SELF_SIGNED_CERT_IN_CHAIN', /^name the CA/],
  ['CERT_SIGNATURE_FAILURE', 'CERT_SIGNATURE_FAILURE', /^name the CA/],
  ['CERT_HAS_EXPIRED', 'CERT_HAS_EXPIRED', /^check the address and the clock/],
  ['UNSPECIFIED', 'CA md too weak', /has to replace it$/],
]
for (const [code, said, hint] of distrust) {
  test(`a certificate with ${code} is not asked again, and the hint says what can be done`, async () => {
    const thrown = new TypeError('fetch failed', {
      cause: Object.assign(new Error('CA md too weak'), { code }),
    })
    await assert.rejects(
      post(async () => Promise.reject(thrown)),
      ({ message, retryable, ...error }) => {
        assert.equal(message, `the TLS certificate of login.example is not trusted (${said})`)
        assert.match(error.hint, hint)
        return retryable === false && error.code === 'ERR_TLS_UNTRUSTED'
      },
    )
  })
}
