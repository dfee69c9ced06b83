import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { test } from 'node:test'
import { createClient } from '../../src/client/client.ts'
import { newCredential } from '../support/credential.ts'
import { granted, refused, tokenService } from '../support/token-service.ts'

const [before, after] = [await newCredential(), await newCredential()]
const unknownKey = refused.bind(null, 401, { error: 'invalid_client', error_codes: [700027] })
const names = new Map([
  [before.certificate.thumbprintSha256, 'before'],
  [after.certificate.thumbprintSha256, 'after'],
])

/** A service that knows the keys in `known`, asked by a client that has rotated from `before` to `after`. */
function stage(known: Set<string>, { withPrevious = true } = {}) {
  const service = tokenService(({ header }, number) =>
    known.has(names.get(String(header['x5t#S256'])) ?? '') ? granted(`token-${number}`) : unknownKey(),
  )
  const client = createClient({
    tenant: 'contoso.com',
    clientId: 'app',
    credential: { current: async () => after, ...(withPrevious && { previous: () => before }) },
    fetch: service.fetch,
  })
  const signers = () => service.asked.map(({ header }) => names.get(String(header['x5t#S256'])))
  return { client, signers }
}

async function outcomesOf(work: () => Promise<unknown>): Promise<unknown[]> {
  const outcomes: unknown[] = []
  const listen = (message: unknown) => outcomes.push(Object(message).outcome)
  subscribe('x5t:adoption', listen)
  await work()
  unsubscribe('x5t:adoption', listen)
  return outcomes
}

test('the key before serves until the new one is known, then never again', async () => {
  const known = new Set(['before'])
  const { client, signers } = stage(known)
  const events = await outcomesOf(async () => {
    await client.getToken({ scope: 'a' })
    known.add('after')
    await client.getToken({ scope: 'b' })
    await client.getToken({ scope: 'c' })
  })
  assert.deepEqual(signers(), ['after', 'before', 'after', 'after'])
  assert.deepEqual(events, ['waiting', 'adopted'])
})

test('of a key that is known at once the client has nothing to tell', async () => {
  const { client } = stage(new Set(['after']))
  assert.deepEqual(await outcomesOf(() => client.getToken({ scope: 'a' })), [])
})

test('a key that is replaced before it was known does not cost the one that is', async () => {
  const third = await newCredential()
  let current = before
  const known = new Set([before.certificate.thumbprintSha256])
  const service = tokenService(({ header }) =>
    known.has(String(header['x5t#S256'])) ? granted('token') : unknownKey(),
  )
  // Its files say only what stood in them before.
  let previous: typeof before | undefined
  const rotate = (next: typeof before) => {
    previous = current
    current = next
  }
  const credential = { current: async () => current, previous: () => previous }
  const client = createClient({ tenant: 'contoso.com', clientId: 'app', credential, fetch: service.fetch })
  await client.getToken({ scope: 'a' })
  rotate(after)
  await client.getToken({ scope: 'b' })
  rotate(third)
  await client.getToken({ scope: 'c' })
  const last = service.asked.at(-1)?.header['x5t#S256']
  assert.equal(last, before.certificate.thumbprintSha256)
})

test('a key that is replaced while it is asked with gives way to the new one at once', async () => {
  let current = before
  const { fetch, asked } = tokenService((_, number) => {
    current = after
    return number === 1 ? unknownKey() : granted('token')
  })
  const credential = { current: async () => current }
  const client = createClient({ tenant: 'contoso.com', clientId: 'app', credential, fetch })
  await client.getToken({ scope: 'a' })
  const signers = asked.map(({ header }) => names.get(String(header['x5t#S256'])))
  assert.deepEqual(signers, ['before', 'after'])
})

test('nor does one that Entra does not know either, and the key that it knows serves at once', async () => {
  const third = await newCredential()
  let current = before
  const { fetch, asked } = tokenService(({ header }) => {
    const name = names.get(String(header['x5t#S256']))
    if (name === 'after') current = third
    return name === 'before' ? granted('token') : unknownKey()
  })
  const credential = { current: async () => current }
  const client = createClient({ tenant: 'contoso.com', clientId: 'app', credential, fetch })
  await client.getToken({ scope: 'a' })
  current = after
  const events = await outcomesOf(() => client.getToken({ scope: 'b' }))
  const signers = asked.map(({ header }) => names.get(String(header['x5t#S256'])) ?? 'third')
  assert.deepEqual(signers, ['before', 'after', 'third', 'before'])
  assert.deepEqual(events, ['waiting'])
})

test('a source that gives another key each time, none of them known, is asked for two', async () => {
  let turn = 0
  const current = async () => (turn++ % 2 === 0 ? before : after)
  const { fetch, asked } = tokenService(() => unknownKey())
  const client = createClient({ tenant: 'contoso.com', clientId: 'app', credential: { current }, fetch })
  await assert.rejects(client.getToken({ scope: 'a' }), { aadsts: 700027 })
  assert.equal(asked.length, 2)
})

test('where neither key is known, the error is about the current one', async () => {
  const { client, signers } = stage(new Set())
  await assert.rejects(client.getToken({ scope: 'a' }), ({ aadsts, hint }) => {
    assert.equal(aadsts, 700027)
    assert.ok(hint.includes(after.certificate.thumbprintSha1Hex))
    return true
  })
  assert.deepEqual(signers(), ['after', 'before'])
})

test('where the key before is refused for another reason, the error is about that', async () => {
  const { fetch } = tokenService((_, number) =>
    number === 1 ? unknownKey() : refused(400, { error: 'invalid_scope', error_codes: [70011] }),
  )
  const source = { current: async () => after, previous: () => before }
  const client = createClient({ tenant: 'contoso.com', clientId: 'app', credential: source, fetch })
  await assert.rejects(client.getToken({ scope: 'a' }), { status: 400, aadsts: 70011 })
})

for (const [what, now, hint] of [
  ['has ended', 'notAfter', /^certificate CN=.* expired on .*: make a new key/],
  ['has not begun', 'notBefore', /^certificate CN=.* is valid from .*: wait, or check the clock/],
] as const) {
  test(`where the certificate ${what}, the hint of 700027 says so, by the clock of the service`, async () => {
    const time = after.certificate[now] + (now === 'notAfter' ? 60_000 : -60_000)
    const date = new Date(time).toUTCString()
    const service = tokenService(() => unknownKey({ date }))
    const { fetch } = service
    const options = { tenant: 'contoso.com', clientId: 'app', credential: after, fetch }
    await assert.rejects(createClient(options).getToken({ scope: 'a' }), { aadsts: 700027, hint })
  })
}

test('without a key before, 700027 is refused at once', async () => {
  const { client, signers } = stage(new Set(), { withPrevious: false })
  await assert.rejects(client.getToken({ scope: 'a' }), { code: 'ERR_ENTRA_REFUSED', status: 401 })
  assert.deepEqual(signers(), ['after'])
})
