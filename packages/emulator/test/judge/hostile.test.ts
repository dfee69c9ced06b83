import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { bodyOf, createStage, origin, type Stage, seconds, tenantId } from '../support/stage.ts'

/** Assertions that no library makes; the signature is not reached. */
let stage: Stage
before(async () => {
  stage = await createStage()
})

async function send(header: string, claims: string): Promise<readonly [status: number, aadsts: number]> {
  const part = (text: string) => Buffer.from(text).toString('base64url')
  const client_assertion = `${part(header)}.${part(claims)}.AAAA`
  const response = await stage.post(await stage.form({ client_assertion }))
  return [response.status, (await bodyOf(response)).error_codes[0] ?? 0]
}

const header = '{"alg":"PS256","x5t":"AAAA"}'
/** Good claims, and others that overrule them. */
const claims = (changes: string) => {
  const { appId } = stage.client
  const good = { iss: appId, sub: appId, aud: `${origin}/${tenantId}/v2.0`, exp: seconds + 60 }
  return JSON.stringify(good).replace('}', `${changes}}`)
}
const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`

const headers: readonly [what: string, header: string, aadsts: number][] = [
  ['alg is an object', '{"alg":{"toString":1},"x5t":"AAAA"}', 50027],
  ['alg is a list', '{"alg":["RS256"],"x5t":"AAAA"}', 50027],
  ['alg is the name of an inherited member', '{"alg":"constructor","x5t":"AAAA"}', 5002738],
  ['x5t is a number', '{"alg":"PS256","x5t":5}', 5002723],
  ['x5t is no base64', '{"alg":"PS256","x5t":"!"}', 700027],
  ['x5c is nested without end', `{"alg":"PS256","x5t":"AAAA","x5c":${deep}}`, 50027],
]
for (const [what, bad, aadsts] of headers) {
  test(`an assertion in which ${what} is refused with AADSTS${aadsts}`, async () => {
    assert.equal((await send(bad, claims('')))[1], aadsts)
  })
}

const changes: readonly [what: string, changes: string, aadsts: number][] = [
  ['iss is an object', ',"iss":{"toString":1}', 700021],
  ['iss is the number 0', ',"iss":0', 90014],
  ['sub is a list', ',"sub":["a"]', 50048],
  ['aud is a list of lists', `,"aud":[["${origin}/${tenantId}/v2.0"]]`, 700023],
  ['aud is nested without end', `,"aud":${deep}`, 50027],
  ['aud is an object', ',"aud":{}', 700023],
  ['nbf is out of every calendar', ',"nbf":1e308', 50027],
  ['exp is an object', ',"exp":{}', 50027],
  ['exp is an empty text', ',"exp":""', 50027],
  ['exp is before all history', ',"exp":-1e12', 700024],
]
for (const [what, bad, aadsts] of changes) {
  test(`an assertion in which ${what} is refused with AADSTS${aadsts}`, async () => {
    const [status, refused] = await send(header, claims(bad))
    assert.equal(refused, aadsts)
    assert.ok(status < 500)
  })
}

test('a request whose assertion is nested without end can be looked at, and so can a token like it', async () => {
  const bottomless = `${'['.repeat(11_000)}${']'.repeat(11_000)}`
  await send(header, `{"extra":${bottomless}}`)
  const { number } = stage.journal.entries().at(-1) ?? {}
  for (const path of ['/_emulator/requests', '/_emulator/portal/requests'])
    assert.equal((await stage.get(`${path}/${number}`)).status, 200, path)
  const part = (text: string) => Buffer.from(text).toString('base64url')
  const token = `${part('{"alg":"RS256"}')}.${part(`{"aud":${bottomless}}`)}.AAAA`
  const headers = { 'content-type': 'application/json' }
  const inspected = await stage.post(JSON.stringify({ token }), {
    path: '/_emulator/tokens/inspect',
    headers,
  })
  assert.equal(inspected.status, 200)
})
