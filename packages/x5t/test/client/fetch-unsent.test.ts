import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { createClient } from '../../src/client/client.ts'
import { createFetch } from '../../src/http/create-fetch.ts'
import { newCredential } from '../support/credential.ts'
import { settled } from '../support/deferred.ts'
import { refused, tokenService } from '../support/token-service.ts'

const credential = await newCredential()
const api = 'https://api.contoso.com'
const own = { tenant: 'contoso.com', clientId: 'app', credential }
const reason = new Error('enough')
type Send = (init: RequestInit) => Promise<Response>

const client = (fetch: typeof globalThis.fetch) => createClient({ ...own, fetch })
const { fetch } = tokenService()
const unsent: Record<string, Send> = {
  'whose token is refused': (init) =>
    client(tokenService(() => refused(400, { error: 'invalid_client' })).fetch).fetch(api, init),
  'that is aborted before': (init) =>
    client(fetch).fetch(api, { ...init, signal: AbortSignal.abort(reason) }),
  'that is aborted while the token is awaited'(init) {
    const stop = new AbortController()
    const asked = client(async () => {
      stop.abort(reason)
      return new Promise<never>(() => {})
    })
    return asked.fetch(api, { ...init, signal: stop.signal })
  },
  'to where no token is sent': (init) => client(fetch).fetch('http://api.contoso.com', init),
  'that the given fetch refuses': (init) =>
    client(async (input, init) => {
      if (typeof input === 'string') throw reason
      return fetch(input, init)
    }).fetch(api, init),
  'without a token that is aborted before': (init) =>
    createFetch()(api, { ...init, signal: AbortSignal.abort(reason) }),
  'without a token to another scheme': (init) => createFetch()('ftp://localhost', init),
  'through what is no proxy': (init) =>
    createFetch({ environment: { HTTPS_PROXY: 'socks5://localhost' } })(api, init),
}

for (const [what, send] of Object.entries(unsent)) {
  test(`of a request ${what} the stream learns that nobody reads it, and why`, async () => {
    let told: unknown
    const body = new ReadableStream({
      cancel: (why) => {
        told = why
      },
    })
    const error = await send({ method: 'POST', body, duplex: 'half' }).catch((error) => error)
    await settled()
    assert.ok(error instanceof Error)
    assert.equal(told, error)
  })

  test(`of a request ${what} a stream of Node is closed`, async () => {
    const body = new Readable({ read() {} })
    await assert.rejects(send({ method: 'POST', body, duplex: 'half' }))
    await settled()
    assert.equal(body.destroyed, true)
  })
}
